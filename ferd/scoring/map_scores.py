"""Measures attention maps: where their weight is, and how similar two maps are."""

import numpy as np
from scipy.stats import rankdata

BANDS = ("upper", "middle", "lower")


def normalized(maps):
    """Positive part of each map, scaled to a sum of 1.

    Args:
        maps: Shape `(faces, side, side)`.

    Returns:
        float64 of the same shape; all 0 where a map has no positive part.
    """
    positive = np.maximum(np.asarray(maps, "float64"), 0)
    sums = positive.sum(axis=(1, 2), keepdims=True)
    return positive / np.where(sums == 0, 1, sums)


def band_shares(maps):
    """Mean share of attention in the upper, middle and lower third of the face.

    Args:
        maps: As in `normalized`. Those without a positive part are left out.

    Returns:
        Dict of band to share; they sum to 1.

    Raises:
        ValueError: If no map has a positive part.
    """
    shares = normalized(maps)
    shares = shares[shares.any(axis=(1, 2))]
    if len(shares) == 0:
        raise ValueError("no map has a positive part")
    # Each row is split in thirds, so that any number of rows divides evenly.
    rows = np.repeat(shares.sum(axis=2) / len(BANDS), len(BANDS), axis=1)
    bands = np.split(rows, len(BANDS), axis=1)
    return {name: float(band.sum(axis=1).mean()) for name, band in zip(BANDS, bands, strict=True)}


def rank_correlations(first, second):
    """Spearman's rank correlation of each pair of maps.

    Args:
        first, second: Shape `(faces, side, side)`.

    Returns:
        float64, shape `(faces,)`; NaN where a map is constant.
    """
    ranks = [rankdata(maps.reshape(len(maps), -1), axis=1) for maps in (first, second)]
    first, second = (each - each.mean(axis=1, keepdims=True) for each in ranks)
    lengths = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    with np.errstate(invalid="ignore"):
        return np.where(lengths == 0, np.nan, (first * second).sum(axis=1) / lengths)
