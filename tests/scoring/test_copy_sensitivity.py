"""ferd.scoring.copy_sensitivity and its stage: a comparison for several definitions of a copy."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.scoring.copy_sensitivity import copy_sensitivity
from ferd.study.base.results import write_table
from stages import copy_sensitivity as stage
from tests.helpers.small_study import read, write_audit, write_pipeline

COUNT = 40
NAMES = [f"test/happy/{row}" for row in range(COUNT)]
GROUPS = pd.Series(range(COUNT), index=NAMES)
# Four near copies, four shifted ones of which one is a near copy too; one has just the threshold.
NEAR = np.select([np.arange(COUNT) < 3, np.arange(COUNT) == 3], [0.96, 0.9], 0.5)
SHIFTED = np.where((np.arange(COUNT) >= 3) & (np.arange(COUNT) < 7), 0.92, 0.6)
CORRELATIONS = pd.DataFrame({"near": NEAR, "shifted": SHIFTED}, index=NAMES)


def table(wrong, names=NAMES):
    given = np.where(np.isin(np.arange(len(names)), wrong), "sad", "happy")
    return pd.DataFrame({"name": names, "actual": "happy", "predicted": given})


FIRST = [table([0]), table([30])]
SECOND = [table(range(20, 30)), table(range(0, 12))]


def compared(thresholds, first=FIRST, second=SECOND, groups=GROUPS):
    return copy_sensitivity(CORRELATIONS, thresholds, first, second, groups, 500, 0)


def test_faces_are_those_below_the_threshold_in_both_ways():
    found = compared([0.9, 0.95])
    counts = ("near_copies", "shifted_copies", "faces")
    assert [found["0.9"][key] for key in counts] == [4, 3, 33]
    assert [found["0.95"][key] for key in counts] == [3, 0, 37]


def test_accuracies_are_means_over_the_seeds_on_these_faces():
    found = compared([0.9])["0.9"]
    # Of the faces from 7 on the first network has none and one wrong, the second ten and five.
    assert found["first"] == pytest.approx(1 - 0.5 / 33)
    assert found["second"] == pytest.approx(1 - 7.5 / 33)
    assert found["difference"] == pytest.approx(7 / 33)
    assert found["low"] < found["difference"] < found["high"]


def test_copies_are_drawn_together():
    wide = compared([0.9], groups=GROUPS // 10)["0.9"]
    narrow = compared([0.9])["0.9"]
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_the_order_of_the_faces_does_not_matter():
    assert compared([0.9], first=[one[::-1] for one in FIRST]) == compared([0.9])


def test_tables_of_other_faces_are_refused():
    with pytest.raises(ValueError, match="different faces"):
        compared([0.9], first=[FIRST[0], FIRST[1][1:]])


def test_a_threshold_that_leaves_no_face_has_counts_alone():
    assert compared([0.5]) == {"0.5": {"near_copies": 40, "shifted_copies": 0, "faces": 0}}


# The runs whose predictions are compared, and how many of their faces are wrong.
RUNS = {"improved/1": 1, "improved/2": 3, "cosine": 5, "replicate/cosine_1": 10}
RUNS |= {"replicate/cosine_2": 15}


def test_the_stage_reads_every_seed_that_dvc_yaml_trains(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [{"recipe": "improved", "base": "recipe", "seed": seed} for seed in (1, 2)]
    write_pipeline(
        score_recipe={f"improved_{line['seed']}": line for line in lines},
        score={Path(run).name: run for run in list(RUNS)[2:]},
    )
    sections = {
        "copy_sensitivity": {"correlations": [0.9, 0.95]},
        "sampling": {"seed": 0, "bootstrap_draws": 500},
    }
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(sections))
    write_audit(NAMES, [True] * COUNT)
    # The interval is by the audit's groups of copies.
    audit = pd.read_csv("data/audit.csv")
    audit.assign(copy_group=audit["copy_group"] // 10).to_csv("data/audit.csv", index=False)
    write_table("data/copy_correlations.csv", CORRELATIONS.rename_axis("name").reset_index())
    tables = {run: table(range(COUNT - count, COUNT)) for run, count in RUNS.items()}
    for run, rows in tables.items():
        write_table(f"plots/{run}/predictions.csv", rows)
    stage.main()
    found = read("metrics/details/copy_sensitivity.json")
    assert set(found) == {"0.9", "0.95"}
    assert found["0.95"]["first"] == pytest.approx(1 - 2 / 37, abs=1e-6)
    assert found["0.95"]["second"] == pytest.approx(1 - 10 / 37, abs=1e-6)
    rows = list(tables.values())
    expected = compared([0.95], rows[:2], rows[2:], GROUPS // 10)["0.95"]
    assert found["0.95"]["low"] == pytest.approx(expected["low"], abs=1e-6)
