"""ferd.scoring.class_recall and its stage: recall of each class with and without SMOTE."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.scoring.class_recall import compare_recalls
from ferd.study.base.results import write_table
from stages import smote_recall

NAMES = [f"test/{'happy' if row < 40 else 'sad'}/{row}" for row in range(60)]
ACTUAL = np.array([name.split("/")[1] for name in NAMES])
GROUPS = pd.Series(range(60), index=NAMES)


def table(wrong):
    given = np.where(np.isin(np.arange(60), wrong), "fear", ACTUAL)
    return pd.DataFrame({"name": NAMES, "actual": ACTUAL, "predicted": given})


def test_recall_is_of_the_faces_of_the_class_alone():
    found = compare_recalls(table(range(10)), table(range(40, 50)), GROUPS, 200, 0)
    assert set(found) == {"happy", "sad"}
    assert (found["happy"]["faces"], found["happy"]["first"], found["happy"]["second"]) == (
        40,
        0.75,
        1,
    )
    assert found["happy"]["difference"] == -0.25 and found["sad"]["difference"] == 0.5
    assert found["happy"]["only_second"] == 10 and found["happy"]["p"] == pytest.approx(2 * 0.5**10)


def test_p_is_corrected_over_the_classes():
    found = compare_recalls(table(range(10)), table(range(40, 50)), GROUPS, 200, 0)
    for key in ("p", "p_groups"):
        ratios = [one[f"{key}_holm"] / one[key] for one in found.values()]
        assert ratios == pytest.approx([2, 2])
    same = compare_recalls(table([]), table([]), GROUPS, 200, 0)
    assert all(one["p_holm"] == 1 for one in same.values())


def test_stage_subtracts_the_ensemble_without_smote(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = {"sampling": {"bootstrap_draws": 100, "seed": 0}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(settings))
    for with_smote, without in smote_recall.ENSEMBLES.values():
        write_table(f"plots/{with_smote}.csv", table([]))
        write_table(f"plots/{without}.csv", table(range(20)))
    rows = pd.DataFrame([name.split("/") for name in NAMES], columns=["split", "class", "name"])
    (tmp_path / "data").mkdir()
    rows.assign(copy_group=range(60)).to_csv("data/audit.csv", index=False)
    smote_recall.main()
    found = json.loads((tmp_path / "metrics/details/smote_recall.json").read_text())
    assert set(found) == set(smote_recall.ENSEMBLES)
    assert found["soft vote"]["happy"]["difference"] == 0.5
    assert found["soft vote"]["sad"]["difference"] == 0
