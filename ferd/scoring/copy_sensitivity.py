"""Compares two networks on the test faces without a copy, for several definitions of a copy."""

import numpy as np

from ferd.scoring.uncertainty import bootstrap_means


def copy_sensitivity(correlations, thresholds, first, second, groups, draws, seed):
    """Scores two networks on the faces without a near or shifted copy, threshold by threshold.

    The interval reflects the choice of the test faces; the seeds of the networks stay the same.
    The groups stay the same for all thresholds.

    Args:
        correlations: DataFrame by image name: `near` and `shifted`, the highest correlation with a
            train image.
        thresholds: Least correlations of a copy.
        first, second: DataFrames of `ferd.study.base.results.prediction_table`, one per seed, of
            the same faces, in any order.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of threshold, as text, to `near_copies` (faces left out because of a near or exact
        copy), `shifted_copies` (further faces left out), `faces` (those that are left) and
        `compare` of them; without faces the three counts alone.
    """
    names = second[0]["name"]
    right = np.stack([mean_right(first, names), mean_right(second, names)], axis=1)
    members, values = groups.loc[names].to_numpy(), correlations.loc[names]
    found = {}
    for threshold in thresholds:
        near = (values["near"] >= threshold).to_numpy()
        shifted = (values["shifted"] >= threshold).to_numpy() & ~near
        left = ~near & ~shifted
        found[str(threshold)] = {
            "near_copies": int(near.sum()),
            "shifted_copies": int(shifted.sum()),
            "faces": int(left.sum()),
        }
        if left.any():
            found[str(threshold)] |= compare(right[left], members[left], draws, seed)
    return found


def mean_right(tables, names):
    """Share of a network's seeds that predict each face right.

    Args:
        tables: As `first` of `copy_sensitivity`.
        names: Series of the faces' names.

    Returns:
        Shape `(faces,)`.

    Raises:
        ValueError: If a table is of other faces.
    """
    found = []
    for table in tables:
        rows = table.set_index("name")
        if set(rows.index) != set(names):
            raise ValueError("the tables are of different faces")
        found.append((rows["actual"] == rows["predicted"]).loc[names])
    return np.mean(found, axis=0)


def compare(right, groups, draws, seed):
    """Accuracies of two networks and their difference with its 95% bootstrap interval.

    Args:
        right: Shape `(faces, 2)`: the share of each network's seeds that predict the face right.
        groups, draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of `first`, `second` (mean accuracies over the seeds), `difference` (first minus
        second), `low` and `high`.
    """
    change = right[:, :1] - right[:, 1:]
    low, high = np.quantile(bootstrap_means(change, groups, draws, seed), [0.025, 0.975])
    first, second = right.mean(axis=0)
    return {
        "first": float(first),
        "second": float(second),
        "difference": float(change.mean()),
        "low": float(low),
        "high": float(high),
    }
