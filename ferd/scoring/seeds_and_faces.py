"""Computes intervals of scores that hold for new seeds and for new faces at once.

Reference:
    - [Robust Inference with Multiway Clustering](https://doi.org/10.1198/jbes.2010.07136),
      A. C. Cameron, J. B. Gelbach and D. L. Miller, 2011
    - [A Practitioner's Guide to Cluster-Robust Inference](https://doi.org/10.3368/jhr.50.2.317),
      A. C. Cameron and D. L. Miller, 2015
"""

import numpy as np
from scipy import stats

from ferd.scoring import seeds
from ferd.scoring.group_tests import (
    paired_permutation_bound,
    permutation_bound,
    sign_flip_test,
)
from ferd.scoring.variance_parts import faces_part, interval, seeds_part


def mean_accuracy(right, groups, confidence=0.95):
    """Accuracy of a recipe over seeds and faces, with an interval for new seeds and new faces.

    Args:
        right: Bools or fractions, shape `(seeds, faces)`, the same faces for all seeds.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.
        confidence: Level of the interval, between 0 and 1.

    Returns:
        Dict: `seeds`, `faces` (their numbers), `mean`, `sd` (over seeds, n - 1), `low` and
        `high`. With one seed there is no `sd`, and the interval holds for that run alone.

    Raises:
        ValueError: If the shapes do not match, or for fewer than two groups.

    Reference:
        An Approximate Distribution of Estimates of Variance Components, F. E. Satterthwaite, 1946
    """
    right = runs(right, groups)
    scores = right.mean(axis=1)
    parts = [faces_part(right.mean(axis=0), groups)]
    result = {"seeds": len(right), "faces": right.shape[1], "mean": float(scores.mean())}
    if len(right) > 1:
        parts.append(seeds_part(scores, right, groups))
        result["sd"] = float(scores.std(ddof=1))
    low, high, _ = interval(result["mean"], parts, confidence)
    return {**result, "low": low, "high": high}


def mean_difference(first, second, groups, paired, confidence=0.95):
    """Difference of the accuracies of two recipes over seeds and faces, with tests.

    Args:
        first, second: Bools, shape `(seeds, faces)`: whether the prediction was right, on the same
            faces. Each recipe has its own number of seeds.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.
        paired: Whether row by row both come of the same seed, e.g. an ensemble and the network
            that gave its features.
        confidence: Level of the interval, between 0 and 1.

    Returns:
        Dict: `difference` (first minus second), `low`, `high`, `first_seeds`, `second_seeds` and
        `p_faces` (`sign_flip_test` of the change per face). With two or more seeds on both sides:
        `p_seeds` (Welch's t-test, or the paired one), `p_permutation` and `least_permutation_p`.
        With one seed on a side: `one_run`, 1, because the interval then leaves out the variance
        between seeds.

    Raises:
        ValueError: If the shapes do not match, for fewer than two groups, for values other than
            whole numbers, or more than 24 seeds.

    Reference:
        An Approximate Distribution of Estimates of Variance Components, F. E. Satterthwaite, 1946
    """
    first, second = runs(first, groups), runs(second, groups)
    scores = first.mean(axis=1), second.mean(axis=1)
    result, _ = compare(scores, (first, second), groups, paired, confidence)
    # Multiplied by the other side's seeds, the means over seeds become integers.
    totals = len(second) * first.sum(axis=0) - len(first) * second.sum(axis=0)
    result["p_faces"] = sign_flip_test(totals, groups)
    if "one_run" not in result:
        result |= seed_tests(*scores, paired)
    return result


def balanced_accuracy_difference(actual, first, second, groups, paired, confidence=0.95):
    """Difference of the macro recalls of two recipes over seeds and faces.

    Macro recall is a mean of one ratio per class. Linearized, a face contributes its distance from
    the mean of its class, weighted by the inverse of the class's share.

    Args:
        actual: Class indices, shape `(faces,)`; the mean is over the classes among them.
        first, second: Predicted class indices, shape `(seeds, faces)`.
        groups, paired, confidence: As in `mean_difference`.

    Returns:
        Dict: `difference`, `low`, `high`, `first_seeds`, `second_seeds` and `one_run` as in
        `mean_difference`, and `p`, two-sided, of the t statistic of that interval.

    Raises:
        ValueError: If the shapes do not match, or for fewer than two groups.

    Reference:
        Bootstrap methods and their application, Davison and Hinkley, 1997, chapter 2.7.2
    """
    actual = np.asarray(actual)
    first, second = runs(first, groups) == actual, runs(second, groups) == actual
    _, members, counts = np.unique(actual, return_inverse=True, return_counts=True)
    weights = len(actual) / (len(counts) * counts[members])
    scores = (first * weights).mean(axis=1), (second * weights).mean(axis=1)
    centred = [
        [weights * (row - (np.bincount(members, row) / counts)[members]) for row in side]
        for side in (first, second)
    ]
    result, p = compare(scores, [np.array(side) for side in centred], groups, paired, confidence)
    return {**result, "p": p}


def compare(scores, values, groups, paired, confidence):
    """The dict of `mean_difference` without its tests, and the p of its interval.

    Args:
        scores: Tuple of two arrays, one score per seed.
        values: Tuple of two arrays, shape `(seeds, faces)`: a score varies with the faces as the
            mean of its row does.
        groups, paired, confidence: As in `mean_difference`.
    """
    first, second = scores
    if paired and len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} seeds are not pairs")
    difference = float(first.mean() - second.mean())
    parts = [faces_part(values[0].mean(axis=0) - values[1].mean(axis=0), groups)]
    one_run = min(len(first), len(second)) == 1
    if not one_run and paired:
        parts.append(seeds_part(first - second, values[0] - values[1], groups))
    elif not one_run:
        parts += [seeds_part(*side, groups) for side in zip(scores, values, strict=True)]
    low, high, p = interval(difference, parts, confidence)
    result = {"difference": difference, "low": low, "high": high}
    result |= {"first_seeds": len(first), "second_seeds": len(second)}
    return result | ({"one_run": 1} if one_run else {}), p


def seed_tests(first, second, paired):
    """Tests over seeds: `p_seeds`, `p_permutation` and `least_permutation_p`."""
    if paired:
        changes = first - second
        p, exact = paired_p(changes), paired_permutation_bound(changes)
    else:
        p, exact = seeds.difference(first, second)["p"], permutation_bound(first, second)
    return {"p_seeds": p, "p_permutation": exact["p"], "least_permutation_p": exact["least"]}


def paired_p(changes):
    """The p of the paired t-test; if the changes do not vary, 1 for no change and else 0."""
    # Equal changes of counts differ in the last digit once the counts are divided.
    if np.ptp(changes) < 1e-12:
        return float(abs(changes[0]) < 1e-12)
    return float(stats.ttest_1samp(changes, 0).pvalue)


def runs(values, groups):
    """Values as an array of shape `(seeds, faces)`; an error if the faces do not match."""
    values = np.asarray(values, float)
    if values.ndim != 2 or not len(values) or values.shape[1] != len(groups):
        raise ValueError(f"shape {values.shape} is not (seeds, faces) of {len(groups)} faces")
    return values
