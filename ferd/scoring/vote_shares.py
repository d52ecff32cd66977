"""Compares a network's probabilities with the shares of FER+'s annotator votes.

If six annotators choose anger and four choose fear, probabilities of 0.6 and 0.4 match the votes,
and 1 and 0 are too confident. Both are right by the label.

Reference:
    - [Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
      Distribution](https://arxiv.org/abs/1608.01041), Barsoum, Zhang, Canton Ferrer and Zhang, 2016
    - [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599), Guo, Pleiss, Sun
      and Weinberger, 2017
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from ferd.classes import CLASSES
from ferd.dataset.parts.official_split import row_numbers
from ferd.dataset.parts.votes import NAMES, read_votes
from ferd.scoring.calibration import TINY, apply_temperature

ANNOTATORS = 10


def votes_on(faces, targets, path="data/ferplus.csv"):
    """The votes of ten annotators for each face.

    Args:
        faces: `Faces`.
        targets: As in a recipe's section: "ferplus", or "labels", which gives the label all ten
            votes.
        path: FER+'s votes.

    Returns:
        DataFrame indexed by name: votes in one column per entry of
        `ferd.dataset.parts.votes.NAMES`.

    Raises:
        SystemExit: As `ferd.dataset.parts.votes.read_votes` and `row_numbers`.
    """
    if targets == "ferplus":
        votes = read_votes(path).loc[row_numbers(faces.names)]
        return votes.set_index(pd.Index(faces.names))
    votes = pd.DataFrame(0, index=pd.Index(faces.names), columns=list(NAMES.values()))
    for place, name in enumerate(CLASSES):
        votes.loc[faces.classes == place, name] = ANNOTATORS
    return votes


def shares_of(votes):
    """Shares of the seven classes among the votes for one of them.

    Args:
        votes: From `votes_on`.

    Returns:
        Shares, shape `(faces, 7)`, rows summing to 1, or all NaN without such a vote; and their
        weights, shape `(faces,)`: the number of such votes.
    """
    given = votes[list(CLASSES)].to_numpy(float)
    total = given.sum(axis=1)
    return np.divide(
        given, total[:, None], out=np.full(given.shape, np.nan), where=total[:, None] > 0
    ), total


def cross_entropy(shares, probabilities):
    """Cross-entropy of the probabilities with respect to the annotators' vote shares."""
    logs = np.log(np.maximum(probabilities, TINY))
    return float(-(shares * logs).sum(axis=1).mean())


def fit_temperature(shares, probabilities):
    """The temperature with the least `cross_entropy`, between 0.05 and 20.

    Args:
        shares, probabilities: Of the validation part, never of the test set; shape `(faces, 7)`.

    Returns:
        Float.
    """

    def loss(log_temperature):
        return cross_entropy(shares, apply_temperature(probabilities, np.exp(log_temperature)))

    bounds = (np.log(0.05), np.log(20))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def share_error(shares, probabilities, bins):
    """Mean difference of the confidence and the share of annotators who chose the predicted class.

    Args:
        shares, probabilities: Shape `(faces, 7)`.
        bins: Number of intervals of confidence, of equal width.

    Returns:
        The mean over faces of the difference between mean confidence and mean share by interval:
        the expected calibration error, with shares in place of right and wrong.
    """
    confidence, chosen = probabilities.max(axis=1), probabilities.argmax(axis=1)
    share = shares[np.arange(len(shares)), chosen]
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, confidence - share, minlength=bins)
    return float(np.abs(gaps).sum() / len(shares))


def compare_shares(shares, probabilities, bins):
    """Dict of `cross_entropy`, `calibration_error` (`share_error`) and `distance`.

    The distance of two distributions is half the sum of their differences (total variation): the
    share of the ten votes that would have to change.
    """
    distance = np.abs(shares - probabilities).sum(axis=1).mean() / 2
    return {
        "cross_entropy": cross_entropy(shares, probabilities),
        "calibration_error": share_error(shares, probabilities, bins),
        "distance": float(distance),
    }
