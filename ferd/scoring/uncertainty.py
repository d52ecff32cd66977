"""Computes bootstrap intervals of scores and paired tests between models.

Reference:
    - [Note on the sampling error of the difference between correlated proportions or
      percentages](https://doi.org/10.1007/BF02295996), Q. McNemar, 1947
    - A simple sequentially rejective multiple test procedure, S. Holm, 1979 (Scandinavian Journal
      of Statistics 6)
    - Bootstrap methods and their application, A. C. Davison and D. V. Hinkley, 1997, chapter 3.8
      (clusters)
"""

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from ferd.scoring.group_tests import sign_flip_test


def accuracy_interval(right, groups, draws, seed, level=0.95):
    """Percentile bootstrap interval of an accuracy, drawing whole groups of related faces.

    Copies of a face are right or wrong together. Drawn singly they would make the interval too
    narrow.

    Args:
        right: bool, shape `(faces,)`: whether the prediction was right.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.
        draws: Bootstrap samples.
        seed: Seeds them.
        level: Share of the samples inside the interval.

    Returns:
        Tuple of the lower and the upper bound, fractions.
    """
    means = bootstrap_means(np.asarray(right, float)[:, None], groups, draws, seed)[:, 0]
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def bootstrap_means(values, groups, draws, seed):
    """Means of the columns over bootstrap samples of whole groups; one sample serves all columns.

    Args:
        values: Shape `(faces, columns)`.
        groups, draws, seed: As in `accuracy_interval`.

    Returns:
        Shape `(draws, columns)`.
    """
    _, members = np.unique(groups, return_inverse=True)
    count = members.max() + 1
    sizes = np.bincount(members).astype(float)
    sums = np.stack([np.bincount(members, column) for column in values.T], axis=1)
    generator = np.random.default_rng(seed)
    means = np.empty((draws, values.shape[1]))
    for draw in range(draws):
        weights = np.bincount(generator.integers(count, size=count), minlength=count)
        means[draw] = weights @ sums / (weights @ sizes)
    return means


def compare_pairs(right, groups, pairs, draws, seed):
    """Tests pairs of models on the same faces, with Holm's correction over all pairs.

    McNemar's exact test takes faces as independent. Copies of a face are right or wrong together,
    which the sign-flip test over groups allows for.

    Args:
        right: Dict of model to bool, shape `(faces,)`, the same faces for all.
        groups, draws, seed: As in `accuracy_interval`.
        pairs: Tuples of two models.

    Returns:
        Dict of `<first> - <second>` to `difference` (of their accuracies), `low` and `high` (its
        95% bootstrap interval), `only_first` and `only_second` (faces that one alone has right),
        `p` (exact McNemar, two-sided), `p_groups` (`ferd.scoring.group_tests.sign_flip_test`),
        `p_holm` and `p_groups_holm`.
    """
    if not pairs:
        return {}
    right = {name: np.asarray(values, bool) for name, values in right.items()}
    changes = np.stack([right[a].astype(float) - right[b] for a, b in pairs], axis=1)
    bounds = np.quantile(bootstrap_means(changes, groups, draws, seed), [0.025, 0.975], axis=0)
    results = {}
    for number, (first, second) in enumerate(pairs):
        change = changes[:, number]
        only_first, only_second = int((change > 0).sum()), int((change < 0).sum())
        # McNemar's test does not use the counts of faces on which both agree.
        test = mcnemar([[0, only_first], [only_second, 0]], exact=True)
        results[f"{first} - {second}"] = {
            "difference": float(change.mean()),
            "low": float(bounds[0, number]),
            "high": float(bounds[1, number]),
            "only_first": only_first,
            "only_second": only_second,
            "p": float(test.pvalue),
            "p_groups": sign_flip_test(change, groups),
        }
    return with_holm(results, "p", "p_groups")


def with_holm(results, *keys):
    """Adds Holm's correction over all entries.

    Args:
        results: Dict of name to dict with p-values.
        *keys: Which of them; `<key>_holm` is added for each.

    Returns:
        The dict, with other entries.
    """
    found = {name: dict(entry) for name, entry in results.items()}
    for key in keys if found else ():
        values = multipletests([entry[key] for entry in found.values()], method="holm")[1]
        for entry, value in zip(found.values(), values, strict=True):
            entry[f"{key}_holm"] = float(value)
    return found
