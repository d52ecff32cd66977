"""ferd.scoring.run_scores: what is kept of a run's predictions, and on which images."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.scoring import run_scores

NAMES = [f"test/happy/{number}" for number in range(6)]
GROUPS = pd.Series(range(6), index=NAMES)
# In the last image no face was found; 0 has an exact and 1 a near copy in train.
AUDIT = pd.DataFrame(
    {"found": [1, 1, 1, 1, 1, 0], "copy": ["exact", "near", "none", "none", "none", "none"]},
    index=NAMES,
)


def table(right, sure=None):
    """Predictions of which those marked are right, with probabilities if `sure` is given."""
    actual = np.array(["happy", "sad"] * 3)
    given = np.where(right, actual, "fear")
    found = pd.DataFrame({"name": NAMES, "actual": actual, "predicted": given})
    for name in CLASSES if sure else ():
        found[f"p_{name}"] = np.where(given == name, sure, (1 - sure) / 6)
    return found


RIGHT = np.array([1, 1, 0, 1, 0, 1], bool)


def test_all_scores_of_a_table_with_and_without_probabilities():
    scores = run_scores.table_scores(table(RIGHT, sure=0.9))
    assert scores["accuracy"] == pytest.approx(4 / 6) and 0.5 < scores["auc"] <= 1
    assert "auc" not in run_scores.table_scores(table(RIGHT))


def test_a_network_of_all_images_is_scored_on_the_detected_faces_too():
    scores = run_scores.paper_scores(table(RIGHT), AUDIT)
    assert (scores["test"]["faces"], scores["test"]["accuracy"]) == (5, 0.6)
    assert (scores["test_all"]["faces"], scores["test_all"]["accuracy"]) == (
        6,
        pytest.approx(4 / 6),
    )


def test_a_network_of_detected_faces_has_one_test_set():
    scores = run_scores.paper_scores(table(RIGHT)[:5], AUDIT)
    assert set(scores) == {"test"} and scores["test"]["faces"] == 5


def test_accuracy_without_copies_is_of_detected_faces_without_exact_and_near_copy():
    assert run_scores.accuracy_without_copies(table(RIGHT), AUDIT) == pytest.approx(1 / 3)
    copied = AUDIT.assign(copy="near")
    assert run_scores.accuracy_without_copies(table(RIGHT), copied) is None


def test_a_recipe_is_scored_on_every_part_with_intervals():
    parts = run_scores.paper_parts(table(RIGHT)["name"], AUDIT)
    assert parts["with_copy"] == set(NAMES[:2]) and parts["without_copy"] == set(NAMES[2:])
    scores = run_scores.recipe_scores(table(RIGHT, sure=0.9), parts, GROUPS, 100, 0)
    assert scores["test"]["with_copy"]["accuracy"] == 1
    assert scores["test"]["without_copy"]["accuracy"] == 0.5
    part = scores["test"]["all"]
    assert part["low"] < part["accuracy"] == scores["classes"]["accuracy"] < part["high"]


def test_every_run_has_the_same_metrics_as_far_as_they_are_known():
    soft = run_scores.table_scores(table(RIGHT, sure=0.9))
    row = run_scores.metrics_row(soft, 0.5, 0.7, 1000)
    assert 1 < len(row) <= 12 and all(np.isscalar(value) for value in row.values())
    assert row["accuracy_without_copies"] == 0.5 and row["validation_accuracy"] == 0.7
    assert row["balanced_accuracy"] == soft["macro"]["recall"] != soft["accuracy"]
    hard = run_scores.metrics_row(run_scores.table_scores(table(RIGHT)))
    unknown = {"auc", "accuracy_without_copies", "validation_accuracy", "parameters"}
    assert set(row) - set(hard) == unknown and not set(hard) - set(row)


def test_the_confusion_table_counts_every_pair_of_classes():
    confusion = run_scores.confusion_table(table(RIGHT))
    assert len(confusion) == 49 and confusion["faces"].sum() == 6
    counts = confusion.set_index(["actual", "predicted"])["faces"]
    assert counts["happy", "happy"] == 1 and counts["happy", "fear"] == 2
    assert counts["sad", "sad"] == 3 and counts["fear", "sad"] == 0
