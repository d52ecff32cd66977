"""Computes the variance between seeds and between faces, and an interval of both.

Chance that differs by seed and face is in the variance of the scores over seeds and in that of the
faces' means. Two-way clustering takes it off one of them.

Reference:
    - [Robust Inference with Multiway Clustering](https://doi.org/10.1198/jbes.2010.07136),
      A. C. Cameron, J. B. Gelbach and D. L. Miller, 2011
    - An Approximate Distribution of Estimates of Variance Components, F. E. Satterthwaite, 1946
      (Biometrics Bulletin 2)
"""

import numpy as np
from scipy import stats

from ferd.scoring.group_tests import cluster_variance


def seeds_part(scores, values, groups):
    """Variance between seeds of the mean of scores, and its share in Satterthwaite's denominator.

    Args:
        scores: Shape `(seeds,)`.
        values: Shape `(seeds, faces)`, as in `compare`. What of them differs by seed and face is in
            the variance over faces already, and is taken off.
        groups: As in `mean_accuracy`.
    """
    count, total = len(scores), scores.var(ddof=1) / len(scores)
    residuals = values - values.mean(axis=0)
    # Each row's own mean, the seed's, is taken off by `cluster_variance`.
    both = sum(cluster_variance(row, groups) for row in residuals) / (count * (count - 1))
    # What is taken off is known from many faces, so the part is as uncertain as the whole.
    return max(0.0, float(total - both)), float(total**2 / (count - 1))


def faces_part(values, groups):
    """As `seeds_part`, of the mean of values over groups of faces."""
    variance = cluster_variance(values, groups)
    return variance, variance**2 / (len(np.unique(groups)) - 1)


def interval(estimate, parts, confidence):
    """Student's t interval with a variance of several parts.

    Args:
        estimate, confidence: The middle, and the level between 0 and 1.
        parts: From `seeds_part` and `faces_part`.

    Returns:
        Tuple of the lower bound, the upper bound, and the two-sided p of an estimate of 0; without
        any variance the p is 1 for an estimate of 0 and else 0.
    """
    variance = sum(part for part, _ in parts)
    if variance == 0:
        return estimate, estimate, float(estimate == 0)
    freedom = variance**2 / sum(uncertainty for _, uncertainty in parts)
    reach = stats.t.ppf((1 + confidence) / 2, freedom) * np.sqrt(variance)
    p = 2 * stats.t.sf(abs(estimate) / np.sqrt(variance), freedom)
    return float(estimate - reach), float(estimate + reach), float(p)
