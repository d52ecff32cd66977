"""Intervals, tests and prior matching for docs/verify.py, written anew: nothing of `ferd`."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, sparse, stats
from statsmodels.stats.multitest import multipletests

# Faces that no weights take further from a class than this lie between two.
ROOM = 1e-6


def clustered(values, groups, classes=None):
    """A mean, or the mean of the classes' means, and its variance, clustered by group."""
    design = np.ones((len(values), 1))
    if classes is not None:
        design = pd.get_dummies(classes).to_numpy(float)
    settings = {"groups": groups, "use_correction": False}
    fit = sm.OLS(values, design).fit(cov_type="cluster", cov_kwds=settings)
    weights, count = np.full(design.shape[1], 1 / design.shape[1]), len(np.unique(groups))
    variance = weights @ fit.cov_params() @ weights * count / (count - 1)
    return float(weights @ fit.params), float(variance)


def two_way(sides, groups, classes=None):
    """A sum over seeds and faces with its 95% interval, clustered by seed and by group.

    Args:
        sides: Pairs of a sign and of what is right, shape `(seeds, faces)`.
        groups: Of each face, shape `(faces,)`.
        classes: Of each face, for balanced accuracies.

    Returns:
        Tuple of the estimate, its bounds, and the two-sided p of an estimate of 0.
    """
    means = sum(sign * values.mean(axis=0) for sign, values in sides)
    estimate, faces = clustered(means, groups, classes)
    parts, uncertainty = [faces], [faces**2 / (len(np.unique(groups)) - 1)]
    if min(len(values) for _, values in sides) > 1:
        for _, values in sides:
            count = len(values)
            seeds = np.var([clustered(row, groups, classes)[0] for row in values], ddof=1) / count
            # Chance that differs by seed and face is in both variances: once too often.
            rest = [clustered(row, groups, classes)[1] for row in values - values.mean(axis=0)]
            parts.append(max(0.0, seeds - sum(rest) / (count * (count - 1))))
            uncertainty.append(seeds**2 / (count - 1))
    freedom, deviation = sum(parts) ** 2 / sum(uncertainty), np.sqrt(sum(parts))
    low, high = stats.t.interval(0.95, freedom, estimate, deviation)
    return estimate, low, high, 2 * stats.t.sf(abs(estimate) / deviation, freedom)


def sign_flip(changes, groups):
    """Exact p of a sum of whole numbers if each group's total had a random sign."""
    totals = pd.Series(np.rint(changes)).groupby(np.asarray(groups)).sum().abs().astype(int)
    chances = np.ones(1)
    for size, count in totals[totals > 0].value_counts().items():
        # Of `count` groups of one size, k positive ones give (2k - count) * size.
        step = np.zeros(2 * size * count + 1)
        step[:: 2 * size] = stats.binom.pmf(np.arange(count + 1), count, 0.5)
        chances = np.convolve(chances, step)
    sums = np.arange(len(chances)) - len(chances) // 2
    return min(1.0, float(chances[np.abs(sums) >= abs(round(changes.sum()))].sum()))


def holm(values):
    """Holm's correction of a dict of p-values."""
    corrected = multipletests(list(values.values()), method="holm")[1] if values else []
    return dict(zip(values, corrected, strict=True))


def by_probabilities(probabilities, shares):
    """Likeliest classes once weights make the mean probabilities the shares: a convex minimum."""

    def loss(weights):
        weighed = probabilities * np.exp(weights)
        sums = weighed.sum(axis=1, keepdims=True)
        return np.log(sums).mean() - shares @ weights, (weighed / sums).mean(axis=0) - shares

    found = optimize.minimize(loss, np.zeros(7), jac=True, method="BFGS", options={"gtol": 1e-8})
    return (probabilities * np.exp(found.x)).argmax(axis=1)


def by_counts(probabilities, shares):
    """Likeliest classes once weights give each class its share of the faces.

    An assignment of the counts by a linear program; that weights exist for it proves it the best.
    Faces between two classes by any such weights get the first.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(probabilities)
    wanted = shares * len(logs)
    counts = np.floor(wanted).astype(int)
    counts[np.argsort(counts - wanted, kind="stable")[: len(logs) - counts.sum()]] += 1
    own = assign(logs, counts, softened(logs, counts / len(logs)))
    weighed = logs + weights_of(logs, own)
    return (weighed > weighed.max(axis=1, keepdims=True) - ROOM / 2).argmax(axis=1)


def softened(logs, shares):
    """Weights by which a softened choice of classes has the shares, ever harder."""
    weights = np.zeros(7)
    for heat in (1, 0.1, 0.01):

        def loss(weights, heat=heat):
            tilted = np.exp((logs + weights - (logs + weights).max(axis=1, keepdims=True)) / heat)
            sums = tilted.sum(axis=1, keepdims=True)
            top = (logs + weights).max(axis=1).mean()
            value = top + heat * np.log(sums).mean() - shares @ weights
            return value, (tilted / sums).mean(axis=0) - shares

        weights = optimize.minimize(loss, weights, jac=True, method="L-BFGS-B").x
    return weights


def assign(logs, counts, weights, margin=0.15):
    """Gives faces between two classes by these weights theirs by a linear program."""
    order = np.sort(logs + weights, axis=1)
    own, free = (logs + weights).argmax(axis=1), order[:, -1] - order[:, -2] < margin
    left, logs = counts - np.bincount(own[~free], minlength=7), logs[free]
    faces, possible = len(logs), np.isfinite(logs)
    each = sparse.kron(sparse.eye(faces), np.ones((1, 7)))
    total = sparse.kron(np.ones((1, faces)), sparse.eye(7))
    found = optimize.linprog(
        np.where(possible, -logs, 0).ravel(),
        A_eq=sparse.vstack([each, total]).tocsr(),
        b_eq=np.r_[np.ones(faces), left],
        bounds=np.c_[np.zeros(7 * faces), possible.ravel()],
    )
    own[free] = found.x.reshape(faces, 7).argmax(axis=1)
    return own


def weights_of(logs, own):
    """Weights by which every face has its class, with room wherever there can be any."""
    pairs, losses = [], []
    for first in np.unique(own):
        members = logs[own == first]
        nearest = (members[:, [first]] - members).min(axis=0)
        for second in np.flatnonzero(np.isfinite(nearest)):
            if first != second:
                pairs.append(np.eye(7)[second] - np.eye(7)[first])
                losses.append(nearest[second])
    # In units of ROOM, because the solver is exact to 1e-7.
    found = optimize.linprog(
        np.r_[np.zeros(7), -np.ones(len(pairs))],
        A_ub=np.hstack([pairs, np.eye(len(pairs))]),
        b_ub=np.array(losses) / ROOM,
        bounds=[(None, None)] * 7 + [(0, 1)] * len(pairs),
    )
    if found.status:
        raise SystemExit("by counts: the assignment is not the best one")
    return found.x[:7] * ROOM
