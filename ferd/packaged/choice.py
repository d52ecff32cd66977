"""Chooses the default network by a rule.

The rule: a candidate's score is the mean of four numbers on PublicTest, which no candidate was
trained on: accuracy and balanced accuracy, by FER2013's labels and by the annotators' majority
labels. The candidate with the highest score is the default. A candidate of fewer networks is
preferred where the 95% interval of its difference to the best one includes 0.

Reference:
    - Bootstrap methods and their application, A. C. Davison and D. V. Hinkley, 1997, chapter 3.8
      (clusters)
"""

import numpy as np


def choose_default(candidates, groups, bootstrap, networks):
    """Applies the rule.

    Args:
        candidates: Dict of name to its predictions by kind of label, from
            `ferd.packaged.labels.by_kind`, the same faces in the same order for all.
        groups: Series of image name to the number of its group of copies.
        bootstrap: Samples and seed.
        networks: Dict of name to the number of networks that it averages.

    Returns:
        Dict of `scores`, `differences` (best minus each other: `difference`, `low`, `high`), `best`
        and `default`.
    """
    drawn = draw_groups(next(iter(candidates.values())), groups, *bootstrap)
    scores = {name: mean_scores(kinds, drawn) for name, kinds in candidates.items()}
    best = max(scores, key=lambda name: scores[name][0])
    differences = {
        name: interval(scores[best] - values) for name, values in scores.items() if name != best
    }
    equal = [name for name, one in differences.items() if one["low"] <= 0]
    default = min([best, *equal], key=lambda name: (networks[name], -scores[name][0]))
    return {
        "scores": {name: float(values[0]) for name, values in scores.items()},
        "differences": differences,
        "best": best,
        "default": default,
    }


def draw_groups(kinds, groups, draws, seed):
    """Weights of the faces of each kind of label in bootstrap samples of whole groups.

    Args:
        kinds: Predictions by kind of label; the first has all faces.
        groups, draws, seed: As in `choose_default`.

    Returns:
        Dict of kind to integers, shape `(1 + draws, faces)`; the first row is of ones.
    """
    everyone = next(iter(kinds.values()))["name"]
    unique = np.unique(groups.loc[everyone])
    count = len(unique)
    generator = np.random.default_rng(seed)
    chosen = generator.multinomial(count, np.full(count, 1 / count), size=draws)
    weights = np.vstack([np.ones(count, int), chosen])
    return {
        kind: weights[:, np.searchsorted(unique, groups.loc[table["name"]])]
        for kind, table in kinds.items()
    }


def mean_scores(kinds, drawn):
    """The mean of the four numbers in every sample.

    Args:
        kinds: Predictions by kind of label.
        drawn: From `draw_groups`.

    Returns:
        Shape `(1 + draws,)`; the first is of all faces.
    """
    parts = [part for kind, table in kinds.items() for part in two_scores(table, drawn[kind])]
    return np.mean(parts, axis=0)


def two_scores(table, weights):
    """Accuracy and balanced accuracy of weighted faces, each of shape `(samples,)`.

    Args:
        table: DataFrame with the columns `actual` and `predicted`.
        weights: Shape `(samples, faces)`.
    """
    right = (table["actual"] == table["predicted"]).to_numpy()
    classes, members = np.unique(table["actual"], return_inverse=True)
    one_hot = np.eye(len(classes))[members]
    accuracy = weights @ right / weights.sum(axis=1)
    # Contempt, which no candidate has, counts as wrong and has no recall.
    one_hot = one_hot[:, classes != "contempt"]
    faces, correct = weights @ one_hot, weights @ (one_hot * right[:, None])
    # A class that a sample lacks has no recall and does not count.
    recall = np.divide(correct, faces, out=np.full_like(faces, np.nan), where=faces > 0)
    return accuracy, np.nanmean(recall, axis=1)


def interval(values):
    """The first value, and the 95% percentile interval of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return {"difference": float(values[0]), "low": float(low), "high": float(high)}
