"""ferd.scoring.generator_look: predictions of rare and other classes, counted by hand."""

import numpy as np
import pytest

from ferd.scoring.generator_look import rare_answers

RARE = np.array([False, True, True, False])


def test_shares_match_a_hand_count():
    actual, predicted = np.array([1, 1, 2, 0, 0, 3, 3, 3]), np.array([1, 2, 2, 0, 1, 2, 3, 0])
    assert rare_answers(actual, predicted, RARE) == {
        "accuracy": 4 / 8,
        "rare_recall": 2 / 3,
        "others_called_rare": 2 / 5,
    }


def test_a_rare_class_taken_for_another_rare_one_is_no_recall():
    actual, predicted = np.array([1, 2, 0]), np.array([2, 1, 0])
    assert rare_answers(actual, predicted, RARE)["rare_recall"] == 0


@pytest.mark.parametrize("actual", [[0, 3], [1, 2]])
def test_faces_of_one_kind_only_are_refused(actual):
    with pytest.raises(ValueError, match="rare classes and of others"):
        rare_answers(np.array(actual), np.array(actual), RARE)
