"""ferd.dataset.ferplus: which images FER+'s benchmark uses, and their labels."""

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.ferplus import faces as ferplus
from ferd.dataset.ferplus.protocol import (
    FERPLUS_CLASSES,
    majority_classes,
    read_counted_votes,
    vote_shares,
)
from ferd.dataset.parts.faces import Faces
from ferd.dataset.parts.votes import IMAGES, NAMES
from tests.helpers.code import ROOT

COLUMNS = list(NAMES)


def table(rows):
    """Votes by FER+'s columns, from dicts."""
    return pd.DataFrame(rows).reindex(columns=COLUMNS).fillna(0).rename(columns=NAMES)


def write_votes(path, special):
    """Writes a votes file: ten votes for neutral, but for the rows of `special`."""
    frame = pd.DataFrame({"Usage": "Training", "Image name": "a.png"}, index=range(IMAGES))
    for column in COLUMNS:
        frame[column] = 10 if column == "neutral" else 0
    for row, values in special.items():
        for column, value in values.items():
            frame.loc[row, column] = value
    frame.to_csv(path, index=False)


def test_a_class_chosen_once_does_not_count_and_an_unnamed_image_counts_nothing(tmp_path):
    special = {1: {"neutral": 9, "fear": 1}, 2: {"Image name": None}}
    write_votes(tmp_path / "votes.csv", special)
    votes = read_counted_votes(tmp_path / "votes.csv")
    assert votes.loc[1, "neutral"] == 9 and votes.loc[1, "fear"] == 0
    assert votes.loc[2].sum() == 0 and votes.loc[0, "neutral"] == 10


@pytest.mark.parametrize(
    "votes, expected",
    [
        ({"happiness": 6, "neutral": 4}, "happy"),
        ({"happiness": 5, "neutral": 5}, None),
        ({"contempt": 6, "unknown": 4}, "contempt"),
        ({"happiness": 4, "unknown": 4}, None),
        ({"unknown": 8, "anger": 2}, None),
        ({"NF": 10}, None),
        ({}, None),
    ],
)
def test_a_majority_is_more_than_half_of_all_counted_votes(votes, expected):
    (found,) = majority_classes(table([votes]))
    assert found == (-1 if expected is None else FERPLUS_CLASSES.index(expected))


def test_shares_are_of_the_eight_classes_and_sum_to_one_or_nothing():
    rows = [{"anger": 6, "contempt": 2, "unknown": 2}, {"anger": 2, "unknown": 6}, {"NF": 9}]
    shares = vote_shares(table(rows))
    assert shares[0][FERPLUS_CLASSES.index("angry")] == pytest.approx(0.75)
    assert shares[0][FERPLUS_CLASSES.index("contempt")] == pytest.approx(0.25)
    assert shares.sum(axis=1).tolist() == [1, 0, 0]


def test_scored_faces_need_a_majority_and_copies_of_them_can_be_left_out(monkeypatch, tmp_path):
    rows = np.array([0, 1, 28709, 28710, 32298, 32299])
    split = {number: {"happiness": 5, "neutral": 5} for number in (1, 28710, 32299)}
    write_votes(tmp_path / "votes.csv", split)
    names = np.array([f"train/happy/{row}" for row in rows])
    blank = np.zeros((6, 2, 2), "uint8")
    everyone = Faces(blank, np.zeros(6, int), names, np.ones(6, bool))
    halves = {"train": everyone.take(slice(3)), "test": everyone.take(slice(3, 6))}
    monkeypatch.setattr(ferplus, "load_faces", lambda split, view: halves[split])
    found = ferplus.ferplus_faces(votes=tmp_path / "votes.csv")
    assert [list(part.names) for part in found] == [
        ["train/happy/0", "train/happy/1"],
        ["train/happy/28709"],
        ["train/happy/32298"],
    ]
    assert found.train.shares[1].max() == pytest.approx(0.5) and found.train.classes[1] == -1
    monkeypatch.setattr(ferplus, "has_copy", lambda faces, others: faces.names == names[1])
    alone = ferplus.ferplus_faces(True, tmp_path / "votes.csv")
    assert list(alone.train.names) == ["train/happy/0"] and len(alone.test) == 1


def test_the_counts_of_the_three_parts_are_those_of_the_benchmark():
    """25,060 faces of Training, 3,199 of PublicTest and 3,153 of PrivateTest have a majority."""
    majority = majority_classes(read_counted_votes(ROOT / "data/ferplus.csv"))
    bounds = ((0, 28709), (28709, 32298), (32298, 35887))
    assert [int((majority[low:high] >= 0).sum()) for low, high in bounds] == [25060, 3199, 3153]
