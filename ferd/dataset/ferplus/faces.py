"""Selects the faces of FER+'s benchmark: Training, PublicTest and PrivateTest, with their votes."""

from typing import NamedTuple

import numpy as np

from ferd.dataset.ferplus.protocol import majority_classes, read_counted_votes, vote_shares
from ferd.dataset.parts.copy_groups import has_copy
from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.official_split import official_parts, row_numbers


class FerplusPart(NamedTuple):
    """Faces of one part.

    Attributes:
        images: uint8, shape `(faces, size, size)`, whole images.
        classes: Integers in `FERPLUS_CLASSES`' order, shape `(faces,)`; -1 for a training face
            without a majority label.
        shares: float32, shape `(faces, 8)`: shares of the votes.
        names: Strings `<split>/<class>/<file stem>`, shape `(faces,)`.
    """

    images: np.ndarray
    classes: np.ndarray
    shares: np.ndarray
    names: np.ndarray

    def __len__(self):
        return len(self.names)

    def take(self, rows):
        """The faces at `rows` (indices or a mask)."""
        return FerplusPart(*(column[rows] for column in self))


class FerplusFaces(NamedTuple):
    """The benchmark's three parts."""

    train: FerplusPart
    validation: FerplusPart
    test: FerplusPart


def ferplus_faces(exclude_test_copies=False, votes="data/ferplus.csv"):
    """Reads the faces of the benchmark.

    A face of PublicTest (validation) or PrivateTest (test) needs a majority label. One of Training
    needs more than half of its votes for the eight classes together, because its targets are
    shares of the votes.

    Args:
        exclude_test_copies: Whether training faces with a copy in PrivateTest are left out.
        votes: FER+'s votes.

    Returns:
        `FerplusFaces`.

    Raises:
        SystemExit: As `read_counted_votes` and `official_parts`.
    """
    halves = [load_faces(split, "whole") for split in ("train", "test")]
    columns = zip(*(vars(half).values() for half in halves), strict=True)
    everyone = Faces(*map(np.concatenate, columns))
    counted = read_counted_votes(votes).loc[row_numbers(everyone.names)]
    shares, classes = vote_shares(counted), majority_classes(counted)
    parts = official_parts(everyone.names)
    used = {
        "train": parts["train"] & (shares.sum(axis=1) > 0),
        "validation": parts["validation"] & (classes >= 0),
        "test": parts["test"] & (classes >= 0),
    }
    if exclude_test_copies:
        used["train"] &= ~has_copy(everyone, everyone.take(parts["test"]))
    all_faces = FerplusPart(everyone.images, classes, shares, everyone.names)
    return FerplusFaces(*(all_faces.take(used[part]) for part in FerplusFaces._fields))
