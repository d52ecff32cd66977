"""ferd.scoring.vote_shares: votes become shares, and probabilities are compared with them."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts import votes
from ferd.scoring import vote_shares
from ferd.scoring.calibration import apply_temperature
from ferd.scoring.vote_shares import (
    compare_shares,
    cross_entropy,
    fit_temperature,
    share_error,
    shares_of,
    votes_on,
)
from tests.helpers.small_faces import make_faces

ANSWERS = list(votes.NAMES.values())


def table(*rows):
    """Votes by answer, of a few faces."""
    return pd.DataFrame(rows, columns=ANSWERS).fillna(0).astype(int)


def test_shares_are_of_those_who_named_one_of_the_seven():
    shares, weights = shares_of(table({"angry": 3, "fear": 1, "unknown": 6}, {"contempt": 10}))
    assert shares[0][CLASSES.index("angry")] == 0.75 and shares[0][CLASSES.index("fear")] == 0.25
    assert shares[0].sum() == 1 and np.isnan(shares[1]).all()
    assert list(weights) == [4, 0]


def test_votes_are_found_by_the_images_number(monkeypatch):
    monkeypatch.setattr(
        vote_shares, "read_votes", lambda path: table(*({"angry": n} for n in range(9)))
    )
    faces = make_faces((1, 1) + (0,) * 5)
    faces.names[:] = ["train/angry/7", "train/disgust/2"]
    given = votes_on(faces, "ferplus")
    assert list(given.index) == list(faces.names) and list(given["angry"]) == [7, 2]


def test_where_nobody_was_asked_all_ten_say_the_label():
    faces = make_faces((2,) * 7)
    given = votes_on(faces, "labels")
    shares, weights = shares_of(given)
    assert (shares.argmax(axis=1) == faces.classes).all() and (weights == 10).all()
    assert (shares.max(axis=1) == 1).all()


def test_the_cross_entropy_of_the_shares_themselves_is_the_least():
    shares = np.random.default_rng(2).dirichlet(np.ones(7), 50)
    least = cross_entropy(shares, shares)
    assert least == pytest.approx(float(-(shares * np.log(shares)).sum(axis=1).mean()))
    for other in (np.full((50, 7), 1 / 7), apply_temperature(shares, 1.3), np.eye(7)[[0] * 50]):
        assert cross_entropy(shares, other) > least


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_was_applied_is_found_again(temperature):
    shares = np.random.default_rng(3).dirichlet(np.ones(7), 200)
    sharpened = apply_temperature(shares, 1 / temperature)
    assert fit_temperature(shares, sharpened) == pytest.approx(temperature, rel=0.01)


def test_confidence_is_held_against_the_share_of_the_same_answer():
    shares = np.array([[0.6, 0.4, 0, 0, 0, 0, 0], [0.8, 0.2, 0, 0, 0, 0, 0]])
    sure = np.eye(7)[[0, 0]]
    assert share_error(shares, sure, 10) == pytest.approx(1 - 0.7)
    assert share_error(shares, shares, 10) == 0
    # In one interval too much and too little cancel out; in two they do not.
    swapped = shares[::-1]
    assert share_error(shares, swapped, 1) == pytest.approx(0)
    assert share_error(shares, swapped, 10) == pytest.approx(0.2)


def test_distance_is_the_share_of_answers_that_would_have_to_change():
    shares = np.array([[0.6, 0.4, 0, 0, 0, 0, 0]])
    assert compare_shares(shares, np.eye(7)[[0]], 5)["distance"] == pytest.approx(0.4)
    assert compare_shares(shares, np.eye(7)[[6]], 5)["distance"] == 1
    assert compare_shares(shares, shares, 5)["distance"] == 0
