"""ferd.scoring.evaluation: each part of the test set has the right images and is scored on them."""

import numpy as np
import pandas as pd
import pytest

from ferd.scoring import evaluation

COLUMNS = [
    "class",
    "found",
    "copy",
    "copy_other_label",
    "shifted_copy",
    "copy_group",
    "ferplus_votes",
]
ROWS = [
    ("happy", 1, "exact", 0, 0, 0, 10),
    ("happy", 1, "exact", 1, 0, 0, 9),
    ("sad", 1, "near", 0, 0, 1, 7),
    ("sad", 1, "none", 0, 1, 2, 5),
    ("fear", 1, "none", 0, 0, 3, 6),
    ("fear", 0, "none", 0, 0, 4, 2),
    ("angry", 0, "exact", 0, 0, 5, 8),
]
MAJORITY = ["happy", "happy", "neutral", np.nan, "fear", np.nan, "angry"]


@pytest.fixture
def audit():
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    return table.assign(ferplus_majority=MAJORITY)


@pytest.fixture
def given():
    return pd.DataFrame(
        {
            "cnn": ["happy", "happy", "sad", "happy", "fear", "fear", "sad"],
            "stack": ["happy", "sad", "neutral", "sad", "fear", "sad", "sad"],
        }
    )


def test_parts_hold_the_images_they_name(audit):
    parts = {name: list(np.flatnonzero(mask)) for name, mask in evaluation.parts_of(audit).items()}
    assert parts == {
        "detected": [0, 1, 2, 3, 4],
        "without_copy": [3, 4],
        "without_any_copy": [4],
        "with_copy": [0, 1, 2],
        "exact_copy": [0, 1],
        "copy_other_label": [1],
        "not_detected": [5, 6],
        "all": [0, 1, 2, 3, 4, 5, 6],
        "all_without_copy": [3, 4, 5],
        "votes_up_to_5": [3],
        "votes_6_to_8": [2, 4],
        "votes_9_to_10": [0, 1],
    }


def test_with_and_without_copy_make_up_the_detected(audit):
    parts = evaluation.parts_of(audit)
    assert (parts["with_copy"] ^ parts["without_copy"]).tolist() == parts["detected"].tolist()


def test_accuracy_is_the_share_of_right_answers_on_each_part(audit, given):
    scores = evaluation.evaluate(audit, given, draws=100, seed=0)
    assert scores["cnn"]["detected"]["accuracy"] == pytest.approx(4 / 5)
    assert scores["cnn"]["all"]["accuracy"] == pytest.approx(5 / 7)
    assert scores["stack"]["without_copy"]["accuracy"] == 1
    for parts in scores.values():
        for part in parts.values():
            assert part["low"] <= part["accuracy"] <= part["high"]


def test_ferplus_scores_detected_faces_with_a_majority_against_what_annotators_saw(audit, given):
    scores = evaluation.evaluate(audit, given, draws=100, seed=0)
    assert scores["stack"]["ferplus"]["faces"] == 4
    assert scores["stack"]["ferplus"]["accuracy"] == pytest.approx(3 / 4)


def test_a_part_without_images_is_left_out_not_scored(audit, given):
    audit["copy"], audit["found"] = "none", 1
    scores = evaluation.evaluate(audit, given, draws=100, seed=0)["cnn"]
    assert "with_copy" not in scores and "not_detected" not in scores
