"""The protocol of FER+'s benchmark: which images it uses, and what their labels are.

Reference:
    - [Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
      Distribution](https://arxiv.org/abs/1608.01041), Barsoum, Zhang, Canton Ferrer and Zhang, 2016
"""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.dataset.parts.votes import read_votes

FERPLUS_CLASSES = (*CLASSES, "contempt")


def read_counted_votes(path):
    """Reads the votes that the benchmark counts.

    A class that one annotator alone chose is taken for an error: its count becomes 0. An image
    without a name in FER+'s table shows no face, so all its counts become 0.

    Args:
        path: FER+'s fer2013new.csv.

    Returns:
        DataFrame as `ferd.dataset.parts.votes.read_votes`.

    Raises:
        SystemExit: As `read_votes`.
    """
    votes = read_votes(path)
    named = pd.read_csv(path, usecols=["Image name"])["Image name"].notna()
    return votes.where(votes > 1, 0).where(named, 0)


def majority_classes(votes):
    """The class of each image that the benchmark scores.

    Args:
        votes: DataFrame from `read_counted_votes`, or some of its rows.

    Returns:
        Integers in `FERPLUS_CLASSES`' order, shape `(images,)`; -1 where no class has more than
        half of the counted votes, those for "unknown" and "no face" included.
    """
    counts = votes[list(FERPLUS_CLASSES)].to_numpy()
    agreed = 2 * counts.max(axis=1) > votes.to_numpy().sum(axis=1)
    return np.where(agreed, counts.argmax(axis=1), -1)


def vote_shares(votes):
    """The share of each class in an image's votes, the targets of training.

    Args:
        votes: As in `majority_classes`.

    Returns:
        float32, shape `(images, 8)`; rows sum to 1, or to 0 where the eight classes together do not
        have more than half of the counted votes.
    """
    counts = votes[list(FERPLUS_CLASSES)].to_numpy("float32")
    emotions = counts.sum(axis=1, keepdims=True)
    shows_emotion = 2 * emotions[:, 0] > votes.to_numpy().sum(axis=1)
    return np.where(shows_emotion[:, None], counts / np.maximum(emotions, 1), np.float32(0))
