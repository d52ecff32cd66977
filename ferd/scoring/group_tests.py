"""Computes exact tests and variances over groups of related faces and over seeds.

Reference:
    - The Design of Experiments, R. A. Fisher, 1935, section 21 (sign flips of paired differences)
    - Permutation, Parametric and Bootstrap Tests of Hypotheses, P. Good, 2005
"""

from math import comb

import numpy as np

# Every split is counted: of 24 seeds in two halves there are 2.7 million.
MOST_SEEDS = 24


def sign_flip_test(changes, groups):
    """Exact two-sided sign-flip test of paired changes, flipping whole groups of related faces.

    If both sides are equally good, the total change of each group is as likely positive as
    negative. With one face per group and changes of -1, 0 and 1 this is McNemar's exact test.

    Args:
        changes: Integers, shape `(faces,)`, e.g. right by A minus right by B, or sums of it over
            seeds.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.

    Returns:
        The probability that random signs give a sum as far from 0 as the one observed.

    Raises:
        ValueError: If a change is not an integer.

    Reference:
        - [Note on the sampling error of the difference between correlated proportions or
          percentages](https://doi.org/10.1007/BF02295996), Q. McNemar, 1947
        - The Design of Experiments, R. A. Fisher, 1935, section 21
    """
    totals = group_sums(whole_numbers(changes), groups).astype(int)
    totals = totals[totals != 0]
    observed = abs(int(totals.sum()))
    if observed == 0:
        return 1.0
    factor = int(np.gcd.reduce(totals))
    sizes = np.sort(np.abs(totals)) // factor
    # The sum is twice the total of the positive groups minus the total of all sizes.
    tail = subset_sums(sizes)[(sizes.sum() + observed // factor) // 2 :].sum()
    return float(min(1.0, 2 * tail))


def subset_sums(sizes):
    """Distribution of the sum of integers of which each is taken with probability one half.

    Args:
        sizes: Positive integers, shape `(groups,)`.

    Returns:
        Probabilities of the sums 0, 1, ..., shape `(sizes.sum() + 1,)`.
    """
    chances = np.zeros(int(sizes.sum()) + 1)
    chances[0], reach = 1.0, 1
    for size in sizes:
        taken = chances[:reach] / 2
        chances[:reach] /= 2
        chances[size : reach + size] += taken
        reach += int(size)
    return chances


def cluster_variance(values, groups):
    """Variance of the mean of values in which groups of related faces vary together.

    The mean is a ratio of two sums over groups, linearized: each group contributes the sum of its
    residuals.

    Args:
        values: Shape `(faces,)`.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.

    Returns:
        The variance of the mean.

    Raises:
        ValueError: For fewer than two groups.

    Reference:
        - [A Practitioner's Guide to Cluster-Robust Inference](https://doi.org/10.3368/jhr.50.2.317),
          A. C. Cameron and D. L. Miller, 2015
        - Bootstrap methods and their application, A. C. Davison and D. V. Hinkley, 1997,
          chapter 3.8
    """
    values = np.asarray(values, float)
    residuals = group_sums(values - values.mean(), groups)
    count = len(residuals)
    if count < 2:
        raise ValueError(f"a variance over groups needs two groups or more, not {count}")
    return float((residuals**2).sum() / len(values) ** 2 * count / (count - 1))


def permutation_bound(first, second):
    """Exact permutation test of a difference of means over seeds, and its least possible p.

    Args:
        first, second: One score per seed.

    Returns:
        Dict: `p`, the share of all splits of the scores whose means differ as much, and `least`,
        the smallest `p` that these numbers of seeds can give.

    Raises:
        ValueError: If a side has no scores, or both together have more than 24.

    Reference:
        Permutation, Parametric and Bootstrap Tests of Hypotheses, P. Good, 2005
    """
    pooled, size = np.concatenate([first, second]).astype(float), len(first)
    if not 0 < size < len(pooled) <= MOST_SEEDS:
        raise ValueError(
            f"a permutation test of {size} and {len(pooled) - size} seeds: each side needs one or "
            f"more, both together at most {MOST_SEEDS}"
        )
    centred = pooled - pooled.mean()
    sums = [np.zeros(1)] + [np.empty(0)] * size
    for score in centred:
        for taken in range(size, 0, -1):
            sums[taken] = np.concatenate([sums[taken], sums[taken - 1] + score])
    # A split and its mirror image differ as much, but only equal halves have a mirror image.
    extremes = 2 if 2 * size == len(pooled) else 1
    return {
        "p": share_as_far(sums[size], centred[:size].sum(), np.abs(centred).sum()),
        "least": extremes / comb(len(pooled), size),
    }


def paired_permutation_bound(changes):
    """Exact sign-flip test of paired differences over seeds, and its least possible p.

    Args:
        changes: One difference per seed.

    Returns:
        Dict: `p` and `least`, as in `permutation_bound`, over all signs.

    Raises:
        ValueError: For no or more than 24 differences.

    Reference:
        The Design of Experiments, R. A. Fisher, 1935, section 21
    """
    changes = np.asarray(changes, float)
    if not 0 < len(changes) <= MOST_SEEDS:
        raise ValueError(f"a sign-flip test needs 1 to {MOST_SEEDS} seeds, not {len(changes)}")
    sums = np.zeros(1)
    for change in changes:
        sums = np.concatenate([sums - change, sums + change])
    return {
        "p": share_as_far(sums, changes.sum(), np.abs(changes).sum()),
        "least": 2 / 2 ** len(changes),
    }


def share_as_far(sums, observed, scale):
    """Share of sums as far from 0 as the observed one, up to rounding errors of the scale."""
    return float(np.mean(np.abs(sums) >= abs(observed) - 1e-12 * scale))


def group_sums(values, groups):
    """Sums of values over the faces of each group, shape `(groups,)`."""
    values, groups = np.asarray(values), np.asarray(groups)
    if values.ndim != 1 or values.shape != groups.shape:
        raise ValueError(f"values of shape {values.shape}, but groups of shape {groups.shape}")
    return np.bincount(np.unique(groups, return_inverse=True)[1], values)


def whole_numbers(values):
    """Values as integers, and an error for one that is not whole."""
    values = np.asarray(values, float)
    if not np.array_equal(values, np.rint(values)):
        raise ValueError("a sign-flip test over faces needs integers")
    return values.astype(int)
