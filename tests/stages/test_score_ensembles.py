"""The stage score_ensembles, the numbers that all runs share, and what restores their files."""

import json
from pathlib import Path

import pandas as pd
import pytest

from ferd.study import restore
from stages import score, score_ensembles
from tests.helpers.small_results import (
    CNN,
    FACES,
    FIT,
    RECIPE,
    expected,
    predictions,
    without_copies,
    write_fit,
    write_study,
    write_training,
)
from tests.helpers.small_study import contents, read


@pytest.fixture(autouse=True)
def study(empty_folder):
    write_study()


def test_each_model_of_a_fit_has_a_row_and_its_scores():
    soft, other = predictions(3), predictions(4, found=False)
    hard = predictions(5, known=False), predictions(6, found=False, known=False)
    write_fit("automl_voting", soft=(soft, other), hard=hard)
    score_ensembles.main("automl_voting")
    for model, (faces, others) in {"soft": (soft, other), "hard": hard}.items():
        table = pd.read_csv(f"data/automl_voting/predictions_{model}.csv")
        known = {"accuracy_without_copies": without_copies(table)}
        row = read(f"metrics/automl_voting/{model}.json")
        assert row == pytest.approx(expected(table) | known, abs=2e-6)
        found = read("metrics/details/automl_voting.json")[model]
        assert {key: found[key] for key in FIT} == FIT
        assert found["accuracy"] == row["accuracy"]
        gap = FIT["cross_validated"]["accuracy"] - row["accuracy"]
        assert found["cross_validated_minus_test"] == pytest.approx(gap, abs=2e-6)
        both = pd.concat([faces, others])
        right = (both["actual"] == both["predicted"]).mean()
        assert found["test_all"]["faces"] == 2 * FACES
        assert found["test_all"]["accuracy"] == pytest.approx(right, abs=1e-6)
        counts = pd.read_csv(f"plots/confusion/automl_voting/{model}.csv")
        same = counts["actual"] == counts["predicted"]
        assert counts["faces"][same].sum() == (table["actual"] == table["predicted"]).sum()
    assert ("auc" in found, "auc" in found["test_all"]) == (False, False)
    assert not Path("plots/automl_voting/leaderboard.csv").exists()


def test_every_run_s_row_has_its_numbers_under_the_same_names():
    write_training("train", CNN, predictions(1))
    write_training("compact/3", RECIPE, predictions(2))
    write_fit("automl_stacking", stack=(predictions(3), predictions(4, found=False)))
    score.main("train", None)
    score.main("compact/3", "compact")
    score_ensembles.main("automl_stacking")
    rows = [read(f"metrics/{run}.json") for run in ("train", "compact/3", "automl_stacking/stack")]
    assert list(rows[0]) == list(rows[1])
    # A fit has neither a validation fold nor weights.
    assert set(rows[0]) - set(rows[2]) == {"validation_accuracy", "parameters"}
    assert set(rows[2]) < set(rows[0])
    assert all(len(row) <= 12 and set(map(type, row.values())) <= {int, float} for row in rows)


def test_what_git_keeps_restores_the_bytes_of_trainings_and_fits():
    write_training("train", CNN, predictions(1))
    write_training("compact/3", RECIPE, predictions(2))
    others = predictions(4, found=False, known=False)[:0]
    write_fit("ablation_smote", hard=(predictions(5, known=False), others))
    score.main("train", None)
    score.main("compact/3", "compact")
    score_ensembles.main("ablation_smote")
    runs = ("data/train", "data/compact", "data/ablation_smote")
    before = contents(*runs)
    for path in before:
        Path(path).unlink()
    restore.restore_training("train")
    restore.restore_training("compact/3")
    restore.restore_fit("ablation_smote")
    assert contents(*runs) == before and len(before) == 10


def test_a_run_that_git_has_no_predictions_of_is_not_restored():
    write_training("train", CNN, predictions(1))
    score.main("train", None)
    Path("data/train/results/predictions.csv").unlink()
    Path("plots/train/predictions.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"plots/train/predictions\.csv"):
        restore.restore_training("train")
    assert json.loads(Path("data/train/results/training.json").read_text()) == CNN
