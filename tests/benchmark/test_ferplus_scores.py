"""ferd.benchmark.ferplus_scores: scores on FER+'s own benchmark."""

import pytest
from sklearn.metrics import balanced_accuracy_score

from ferd.benchmark.ferplus_scores import confusion_counts, part_scores, private_test_scores
from tests.helpers.ferplus_tables import groups, predictions


def test_the_scores_are_scikit_learns_on_the_classes_that_occur():
    table = predictions()
    scores = part_scores(table, groups(), 200, 1)
    right = (table["actual"] == table["predicted"]).mean()
    assert scores["accuracy"] == pytest.approx(right) and scores["faces"] == 60
    assert scores["low"] < right < scores["high"]
    with pytest.warns(UserWarning, match="y_pred contains classes not in y_true"):
        balanced = balanced_accuracy_score(table["actual"], table["predicted"])
    assert scores["balanced_accuracy"] == pytest.approx(balanced)
    assert scores["per_class"]["contempt"]["support"] == 0


def test_faces_with_a_copy_in_training_are_scored_apart():
    table = predictions()
    scores = private_test_scores(table, groups(), 50, 1)
    assert {part: found["faces"] for part, found in scores.items()} == {
        **{"all": 60, "without_copy": 40, "with_copy": 20}
    }
    right = table["actual"] == table["predicted"]
    assert scores["without_copy"]["accuracy"] == pytest.approx(right[20:].mean())


def test_confusion_has_every_pair_of_classes():
    table = predictions()
    counts = confusion_counts(table)
    assert len(counts) == 64 and counts["faces"].sum() == 60
    same = counts["actual"] == counts["predicted"]
    assert counts[same]["faces"].sum() == (table["actual"] == table["predicted"]).sum()
    sad = counts[(counts["actual"] == "sad") & (counts["predicted"] == "happy")]
    pairs = (table["actual"] == "sad") & (table["predicted"] == "happy")
    assert sad["faces"].item() == pairs.sum()
    assert confusion_counts(table[:0])["faces"].sum() == 0
