"""ferd.scoring.prior_matching: re-weighted predictions have the annotators' shares."""

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.scoring.prior_matching import (
    annotators_shares,
    match_counts,
    match_shares,
    target_counts,
)
from tests.scoring.test_agreement import ANNOTATORS, NAMES, SHARES


def test_shares_are_of_the_clear_images_among_those_named():
    shares = dict(zip(CLASSES, annotators_shares(NAMES, ANNOTATORS), strict=True))
    assert shares["sad"] == 2 / 28 and shares["neutral"] == 6 / 28 and shares["happy"] == 4 / 28
    assert annotators_shares(NAMES[:1], ANNOTATORS).tolist() == [1, 0, 0, 0, 0, 0, 0]
    with pytest.raises(ValueError, match="no training image is clear"):
        annotators_shares([], ANNOTATORS)


@pytest.mark.parametrize("sharpness", [0.3, 1, 5])
def test_matched_predictions_have_the_given_shares_however_sure_the_network_is(sharpness):
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.ones(7), 500) ** sharpness
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    matched = match_shares(probabilities, SHARES)
    assert matched.mean(axis=0) == pytest.approx(SHARES, abs=1e-5)
    assert matched.sum(axis=1) == pytest.approx(1)
    # One weight per class: the odds of two classes change by the same factor for every face.
    factors = (matched[:, 0] / matched[:, 1]) / (probabilities[:, 0] / probabilities[:, 1])
    assert factors == pytest.approx(factors[0])


def test_predictions_of_the_given_shares_already_are_left_alone():
    probabilities = np.random.default_rng(1).dirichlet(np.ones(7), 50)
    assert match_shares(probabilities, probabilities.mean(axis=0)) == pytest.approx(probabilities)


def test_shares_that_no_weights_can_give_are_an_error():
    probabilities = np.tile([0.5, 0.5, 0, 0, 0, 0, 0], (3, 1))
    with pytest.raises(ValueError, match="no weights give"):
        match_shares(probabilities, SHARES, rounds=10)


def predicted_counts(probabilities):
    return np.bincount(probabilities.argmax(axis=1), minlength=7)


@pytest.mark.parametrize("sharpness", [0.1, 0.5, 2])
@pytest.mark.parametrize("seed", range(8))
def test_predicted_classes_have_the_given_shares(seed, sharpness):
    generator = np.random.default_rng(seed)
    faces = int(generator.integers(5, 600))
    probabilities = generator.dirichlet(np.full(7, sharpness), faces)
    shares = generator.dirichlet(np.full(7, generator.choice([0.3, 1, 5])))
    matched = match_counts(probabilities, shares)
    assert np.abs(predicted_counts(matched) - shares * faces).max() < 1
    assert predicted_counts(matched).tolist() == target_counts(shares, faces).tolist()
    assert matched.sum(axis=1) == pytest.approx(1)


def test_counts_are_matched_where_mean_probabilities_are_not_enough():
    probabilities = np.random.default_rng(2).dirichlet(np.arange(2, 9), 400)
    targets = target_counts(SHARES, 400)
    assert np.abs(predicted_counts(match_shares(probabilities, SHARES)) - targets).max() > 10
    assert predicted_counts(match_counts(probabilities, SHARES)).tolist() == targets.tolist()


def test_counts_are_matched_by_one_weight_per_class_alone():
    probabilities = np.random.default_rng(3).dirichlet(np.ones(7), 300)
    weights = match_counts(probabilities, SHARES) / probabilities
    ratios = weights / weights[:, :1]
    assert (ratios > 0).all() and np.abs(np.log(ratios[0])).max() > 0.1
    assert ratios == pytest.approx(np.tile(ratios[0], (300, 1)))


def test_predicted_classes_of_the_given_shares_already_are_left_alone():
    probabilities = np.random.default_rng(4).dirichlet(np.ones(7), 50)
    shares = predicted_counts(probabilities) / 50
    assert match_counts(probabilities, shares) == pytest.approx(probabilities)


def test_a_class_that_is_not_wanted_is_not_predicted_and_keeps_a_probability():
    probabilities = np.random.default_rng(5).dirichlet(np.ones(7), 100)
    matched = match_counts(probabilities, [0.5, 0.5, 0, 0, 0, 0, 0])
    assert predicted_counts(matched).tolist() == [50, 50, 0, 0, 0, 0, 0]
    assert (matched > 0).all()


def test_equal_faces_stay_in_one_class_and_the_other_counts_are_matched():
    probabilities = np.random.default_rng(6).dirichlet(np.ones(7), 70)
    # Each face twice: a count of 21 cannot be met, only missed by such a pair.
    matched = match_counts(
        np.repeat(probabilities, 2, axis=0), np.array([21, 21, 18, *[20] * 4]) / 140
    )
    assert np.abs(predicted_counts(matched) - [21, 21, 18, 20, 20, 20, 20]).max() <= 2
    assert np.array_equal(matched[::2], matched[1::2])


@pytest.mark.parametrize("seed", range(5))
def test_faces_that_are_all_equal_get_the_first_class(seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(7))
    matched = match_counts(np.tile(probabilities, (20, 1)), np.full(7, 1 / 7))
    assert predicted_counts(matched).tolist() == [20, 0, 0, 0, 0, 0, 0]


def test_too_few_faces_with_a_class_give_it_all_of_them():
    probabilities = np.tile([0.6, 0.4, 0, 0, 0, 0, 0], (10, 1))
    probabilities[:2] = [0.5, 0.3, 0.2, 0, 0, 0, 0]
    probabilities[:, 0] += np.linspace(0, 0.1, 10)
    matched = match_counts(probabilities, [0.4, 0.1, 0.5, 0, 0, 0, 0])
    assert predicted_counts(matched)[2] == 2


def test_counts_are_rounded_by_largest_remainder():
    assert target_counts([0.25, 0.25, 0.5], 5).tolist() == [1, 1, 3]
    assert target_counts([0.25, 0.25, 0.25, 0.25], 6).tolist() == [2, 2, 1, 1]
    # 0.1 + 0.2 + 0.7 times 10 is not quite whole.
    assert target_counts(np.array([1, 2, 7]) / 10, 10).tolist() == [1, 2, 7]


def test_counts_that_no_weights_can_give_are_an_error():
    probabilities = np.tile([0.5, 0.5, 0, 0, 0, 0, 0], (3, 1))
    with pytest.raises(ValueError, match="probability 0 everywhere"):
        match_counts(probabilities, SHARES)
    with pytest.raises(ValueError, match="not shares"):
        match_counts(probabilities, [0.9, 0.9, 0, 0, 0, 0, 0])
