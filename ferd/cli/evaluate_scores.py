"""Computes the scores of `ferd evaluate` with numpy only, without the study's packages.

Reference:
    - Bootstrap methods and their application, A. C. Davison and D. V. Hinkley, 1997, chapter 3.8
      (clusters)
    - [The use of confidence or fiducial limits illustrated in the case of the
      binomial](https://doi.org/10.1093/biomet/26.4.404), C. J. Clopper and E. S. Pearson, 1934
"""

import numpy as np

from ferd.classes import CLASSES

SEED, DRAWS = 2024, 10_000


def score(actual, given, groups):
    """Scores predictions against the true classes, of which some may be missing.

    Args:
        actual, given: Indices into `CLASSES`, shape `(images,)`, at least one.
        groups: As in `accuracy_interval`.

    Returns:
        Dict: `images`, `accuracy`, `low` and `high` (its 95% interval), `balanced_accuracy` and
        `macro_f1` (means of recall and F1 over the classes present), `missing` (list of the other
        classes), `per_class` (recall, precision, f1, all None of a missing class, and support) and
        `confusion` (dict of actual to dict of given class to images). Fractions, not percent.
    """
    actual, given = np.asarray(actual), np.asarray(given)
    low, high = accuracy_interval(actual == given, groups)
    confusion = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(confusion, (actual, given), 1)
    classes = per_class(confusion)
    present = [values for values in classes.values() if values["support"]]
    return {
        "images": len(actual),
        "accuracy": float(np.mean(actual == given)),
        "low": low,
        "high": high,
        "balanced_accuracy": float(np.mean([values["recall"] for values in present])),
        "macro_f1": float(np.mean([values["f1"] for values in present])),
        "missing": [name for name in CLASSES if not classes[name]["support"]],
        "per_class": classes,
        "confusion": {
            name: dict(zip(CLASSES, row, strict=True))
            for name, row in zip(CLASSES, confusion.tolist(), strict=True)
        },
    }


def per_class(confusion):
    """Recall, precision, F1 and support by class name.

    Args:
        confusion: Counts, shape `(classes, classes)`, rows the actual class, columns the predicted
            one.

    Returns:
        Dict of class to dict. A class that is never predicted has precision and F1 of 0; a class
        without images has no score (None).
    """
    scores = {}
    for index, name in enumerate(CLASSES):
        right = int(confusion[index, index])
        support, named = int(confusion[index].sum()), int(confusion[:, index].sum())
        scores[name] = {
            "recall": right / support if support else None,
            "precision": right / max(named, 1) if support else None,
            "f1": 2 * right / (support + named) if support else None,
            "support": support,
        }
    return scores


def accuracy_interval(right, groups):
    """95% percentile bootstrap interval of an accuracy, drawing whole groups.

    If all images or none are right, all draws are alike. Then the interval is the exact binomial
    one of the number of groups.

    Args:
        right: bool, shape `(images,)`.
        groups: Whole numbers, shape `(images,)`, the same for images that belong together.

    Returns:
        Tuple of the lower and the upper bound, fractions.
    """
    if np.all(right) or not np.any(right):
        bound = 0.025 ** (1 / len(np.unique(groups)))
        return (bound, 1.0) if np.all(right) else (0.0, 1 - bound)
    members = np.unique(groups, return_inverse=True)[1]
    tallies = np.stack([np.bincount(members, right), np.bincount(members)], axis=1)
    # Groups with the same counts are equivalent, so only the number drawn of each kind matters.
    # This takes no longer for a million images than for ten.
    kinds, counts = np.unique(tallies, axis=0, return_counts=True)
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(len(tallies), counts / len(tallies), size=DRAWS) @ kinds
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return float(low), float(high)
