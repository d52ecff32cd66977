"""The stage agreement: every network is scored on every part of the test sets."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.study.base.results import write_table
from ferd.study.pipeline import read_pipeline, written_by
from stages import agreement
from tests.scoring.test_agreement import ANNOTATORS, COUNT, LABELS, NAMES, predictions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of few images; every network predicts the labels, the CNN the majority labels."""
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    sections = {"agreement": {"votes": 6}, "sampling": {"seed": 0, "bootstrap_draws": 100}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(sections))
    written = written_by(read_pipeline(), "plots")
    tables = [path for path in written if path.endswith("/predictions.csv")]
    for path in (*tables, *(f"plots/{name}.csv" for name in agreement.ONCE.values())):
        is_cnn = path.startswith(("plots/cosine/", "plots/replicate/cosine_2"))
        write_table(path, predictions(ANNOTATORS if is_cnn else LABELS))
    (tmp_path / "data").mkdir()
    return audit()


def audit():
    """As many Training images as there are test images: any number below 28,709 is one."""
    table = pd.DataFrame([name.split("/") for name in NAMES], columns=["split", "class", "name"])
    table = pd.concat([table.assign(split="train"), table])
    table = table.assign(found=1, copy_group=range(2 * COUNT), copy="none", shifted_copy=0)
    table = table.assign(copy_other_label=0)
    return table.assign(ferplus=np.tile(ANNOTATORS.values, 2), ferplus_votes=7)


def run(table):
    table.to_csv("data/audit.csv", index=False)
    agreement.main()
    return json.loads(Path("metrics/details/agreement.json").read_text(encoding="utf-8"))


def test_every_network_is_scored_on_every_part(study):
    study.loc[(study["split"] == "test") & (study.index < 7), "copy"] = "exact"
    found = run(study)
    assert set(found) == {"detected", "without_any_copy", "private_test"}
    clear = found["detected"]["clear"]
    assert clear["faces"] == COUNT and clear["one_person"]["all"] == 0.7
    assert found["without_any_copy"]["clear"]["faces"] == COUNT - 7
    networks = found["detected"]["networks"]
    assert set(networks["cnn"]["seeds"]) == {"first", "2025", "2026"}
    assert networks["cnn"]["seeds"]["2025"]["annotators"]["accuracy"] == 1
    assert networks["improved"]["spread"]["annotators"]["mean"] < 1
    over_seeds = {"improved - cnn", "improved - cnn, whole images", "cnn, whole images - cnn"}
    assert set(found["detected"]["seeds"]["annotators"]) == over_seeds


def test_private_test_has_the_networks_of_fer2013s_own_split(study):
    networks = run(study)["private_test"]["networks"]
    assert set(networks) == {*agreement.OFFICIAL, agreement.TAUGHT_BY_ANNOTATORS}


def test_nothing_is_written_where_nobody_voted(study):
    assert run(study.drop(columns=["ferplus", "ferplus_votes"])) == {}
