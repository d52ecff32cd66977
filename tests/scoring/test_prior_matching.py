"""ferd.scoring.prior_matching: re-weighted predictions have the annotators' shares."""

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.scoring.prior_matching import annotators_shares, match_shares
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
