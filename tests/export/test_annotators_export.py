"""ferd.export.annotators_export: clear faces, parts and vote shares follow their definitions."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.votes import NAMES
from ferd.export import annotators_export
from ferd.export.annotators_export import clear_annotators, score_clear, score_shares
from ferd.training.recipes.data import RecipeFaces
from tests.helpers.small_faces import make_faces

COLUMNS = list(NAMES.values())
SETTINGS = {"draws": 200, "seed": 1}


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).fillna(0).astype(int)


def test_clear_is_a_class_of_the_seven_that_enough_annotators_chose():
    votes = table(
        {"sad": 6, "angry": 4},
        {"sad": 5, "angry": 4, "fear": 1},
        {"contempt": 9, "angry": 1},
        {"sad": 5, "angry": 5},
        {"no_face": 10},
    )
    sad = CLASSES.index("sad")
    assert list(clear_annotators(votes, 6)) == [sad, -1, -1, -1, -1]
    assert list(clear_annotators(votes, 5)) == [sad, sad, -1, -1, -1]


@pytest.fixture
def study(monkeypatch):
    """Four test faces labelled angry; two are copies of train images."""
    test = make_faces((4,) + (0,) * 6)
    faces = RecipeFaces(test, test, test)
    monkeypatch.setattr(
        annotators_export, "has_copy", lambda ours, others: np.array([True, True, False, False])
    )
    groups = pd.Series([1, 1, 2, 3], index=test.names)
    monkeypatch.setattr(annotators_export, "copy_groups", lambda: groups)
    votes = table(
        {"angry": 9, "sad": 1}, {"angry": 6, "sad": 4}, {"sad": 10}, {"sad": 5, "fear": 5}
    )
    return faces, votes.set_index(pd.Index(test.names))


def test_parts_hold_the_faces_they_name_and_are_scored_by_annotators(study):
    faces, votes = study
    clear = clear_annotators(votes, 6)
    given = np.eye(7)[[CLASSES.index(name) for name in ("angry", "sad", "sad", "fear")]]
    scores = score_clear(faces, clear, votes, given, SETTINGS)
    counted = {part: (one["faces"], round(one["accuracy"], 4)) for part, one in scores.items()}
    assert counted == {
        "all": (3, 0.6667),
        "without_copy": (1, 1.0),
        "with_copy": (2, 0.5),
        "near_all": (2, 1.0),
        "as_labelled": (2, 0.5),
        "contradicted": (1, 1.0),
    }
    annotators = {part: round(one["one_person"], 4) for part, one in scores.items()}
    assert annotators["all"] == round((0.9 + 0.6 + 1) / 3, 4) and annotators["contradicted"] == 1
    assert annotators["near_all"] == 0.95 and annotators["as_labelled"] == 0.75


def test_a_part_without_faces_is_left_out(study):
    faces, votes = study
    clear = clear_annotators(votes, 10)
    scores = score_clear(faces, clear, votes, np.eye(7)[[0] * 4], SETTINGS)
    assert set(scores) == {"all", "without_copy", "near_all", "contradicted"}


def test_shares_are_scored_where_anyone_named_a_class_at_validations_temperature():
    votes = table(*[{"angry": 8, "sad": 2}, {"sad": 6, "fear": 3, "unknown": 1}] * 20)
    votes.loc[len(votes)] = 0
    shares, _ = annotators_export.shares_of(votes)
    sharp = annotators_export.apply_temperature(np.nan_to_num(shares, nan=1 / 7) + 0.01, 0.5)
    scores = score_shares((votes, votes), (sharp, sharp), 10)
    assert scores["faces"] == 40
    assert scores["temperature"] > 1.5
    assert scores["after"]["cross_entropy"] < scores["before"]["cross_entropy"]
    assert scores["annotators"]["distance"] == scores["annotators"]["calibration_error"] == 0
    assert scores["annotators"]["cross_entropy"] < scores["after"]["cross_entropy"]
    assert scores["mean_shares"]["distance"] > scores["after"]["distance"]
