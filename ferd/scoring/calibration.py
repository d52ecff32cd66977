"""Measures calibration: expected calibration error, temperature scaling, risk and coverage.

Reference:
    - [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599), Guo, Pleiss, Sun
      and Weinberger, 2017
    - [Selective Classification for Deep Neural Networks](https://arxiv.org/abs/1705.08500), Geifman
      and El-Yaniv, 2017
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

TINY = 1e-12  # a probability of 0 has no logarithm


def reliability(actual, probabilities, bins):
    """The reliability diagram: accuracy and mean confidence per interval of confidence.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        probabilities: Shape `(faces, classes)`, rows summing to 1.
        bins: Number of intervals of equal width.

    Returns:
        DataFrame, a row per interval that has faces: `low`, `faces`, `confidence`, `accuracy`.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == actual
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    table = pd.DataFrame({"place": place, "confidence": confidence, "right": right})
    rows = table.groupby("place").agg(
        faces=("right", "size"), confidence=("confidence", "mean"), accuracy=("right", "mean")
    )
    rows.insert(0, "low", rows.index / bins)
    return rows.reset_index(drop=True)


def calibration_error(actual, probabilities, bins):
    """Expected calibration error: the diagram's gaps, weighted by their faces.

    Args:
        actual, probabilities, bins: As in `reliability`.

    Returns:
        Fraction; 0 for a model whose confidence equals its accuracy in every interval.
    """
    table = reliability(actual, probabilities, bins)
    gaps = (table["accuracy"] - table["confidence"]).abs()
    return float((gaps * table["faces"]).sum() / table["faces"].sum())


def negative_log_likelihood(actual, probabilities):
    """Mean of -log of the probability given to the true class."""
    chosen = probabilities[np.arange(len(actual)), actual]
    return float(-np.log(np.maximum(chosen, TINY)).mean())


def apply_temperature(probabilities, temperature):
    """Divides the logits by the temperature: above 1 it softens, below it sharpens.

    The predicted class stays the same. Works on probabilities, whose logarithms
    are logits up to a constant per face.

    Args:
        probabilities: Shape `(faces, classes)`.
        temperature: Above 0.

    Returns:
        Shape `(faces, classes)`, rows summing to 1.
    """
    logits = np.log(np.maximum(probabilities, TINY)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_temperature(actual, probabilities):
    """The temperature with the least negative log-likelihood, between 0.05 and 20.

    Args:
        actual, probabilities: Of the validation part, never of the test set.

    Returns:
        Float.
    """

    def loss(log_temperature):
        softened = apply_temperature(probabilities, np.exp(log_temperature))
        return negative_log_likelihood(actual, softened)

    bounds = (np.log(0.05), np.log(20))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def risk_coverage(actual, probabilities, steps=20):
    """The risk-coverage curve: error among the faces with the highest confidence.

    Args:
        actual, probabilities: As in `reliability`.
        steps: Rows of the curve.

    Returns:
        DataFrame: `coverage` (share of faces kept, down to `1 / steps`), `confidence` (the
        least among them) and `risk` (their error).
    """
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    wrong = (probabilities.argmax(axis=1) != actual)[order]
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    counts = np.unique(np.ceil(np.arange(1, steps + 1) / steps * len(wrong)).astype(int))[::-1]
    return pd.DataFrame(
        {
            "coverage": counts / len(wrong),
            "confidence": confidence[order][counts - 1],
            "risk": risk[counts - 1],
        }
    )
