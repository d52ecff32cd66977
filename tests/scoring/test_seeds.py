"""ferd.scoring.seeds: spread by hand, tests with and without a difference."""

import numpy as np
import pytest

from ferd.scoring.seeds import against, difference, spread, spreads


def test_spread_of_three_matches_a_hand_computed_case():
    found = spread([0.66, 0.67, 0.68])
    assert found["mean"] == pytest.approx(0.67)
    assert found["sd"] == pytest.approx(0.01)
    # t at 97.5% with 2 degrees of freedom: 4.3027.
    assert found["high"] - found["mean"] == pytest.approx(4.3027 * 0.01 / np.sqrt(3), rel=1e-4)
    assert (found["seeds"], found["least"], found["most"]) == (3, 0.66, 0.68)


def test_one_training_has_no_spread():
    with pytest.raises(ValueError, match="two seeds or more, not 1"):
        spread([0.67])


def test_variants_far_apart_differ_and_overlapping_ones_do_not():
    first, far, near = [0.66, 0.67, 0.68], [0.60, 0.61, 0.62], [0.665, 0.675, 0.66]
    assert difference(first, far)["p"] < 0.01
    assert difference(first, far)["difference"] == pytest.approx(0.06)
    assert difference(first, near)["p"] > 0.5


def test_scores_that_do_not_vary_have_a_p_value_all_the_same():
    assert difference([0.5, 0.5], [0.5, 0.5])["p"] == 1
    assert difference([0.5, 0.5], [0.4, 0.4])["p"] == 0


def test_variants_are_compared_on_the_parts_that_both_have():
    scores = {
        "train": [{"detected": 0.66}, {"detected": 0.67}],
        "whole": [{"detected": 0.68, "all": 0.65}, {"detected": 0.69, "all": 0.66}],
    }
    assert set(spreads(scores, 0.95)["whole"]) == {"detected", "all"}
    compared = against(scores, "train")
    assert set(compared) == {"whole"} and set(compared["whole"]) == {"detected"}
    assert compared["whole"]["detected"]["difference"] == pytest.approx(0.02)


def test_holms_correction_is_over_the_variants_of_one_part():
    def trainings(*values):
        return [{"all": value} for value in values]

    scores = {"train": trainings(0.66, 0.67, 0.68), "far": trainings(0.60, 0.61, 0.62)}
    alone = against(scores, "train")["far"]["all"]
    assert alone["p_holm"] == alone["p"]
    scores["near"] = trainings(0.665, 0.675, 0.66)
    found = against(scores, "train")
    assert found["far"]["all"]["p_holm"] == pytest.approx(2 * found["far"]["all"]["p"])
    assert found["near"]["all"]["p_holm"] == found["near"]["all"]["p"]
