"""Estimates how much a network's accuracy varies with the random draw of its test images.

Kaggle's test images are known for three classes. Those of the other four are a seeded draw, so
that another draw of the same size could have been the test set as well.
"""

import numpy as np
from scipy.stats import percentileofscore

DRAWN = ("disgust", "fear", "neutral", "surprise")


def redraws(test, validation, draws, seed):
    """Redraws the test faces of the four drawn classes and scores each redraw.

    A redraw has only faces that no training saw: test faces and validation faces of the network.
    The validation faces are few, so that a redraw keeps most test faces and varies less than a new
    draw of all images would; `full_redraw` bounds that. The validation faces chose the epoch, which
    can raise their accuracy a little. Faces are drawn singly: copies of one picture are not kept
    together.

    Args:
        test, validation: DataFrames of `ferd.study.base.results.prediction_table`.
        draws: How many redraws.
        seed: Seeds them.

    Returns:
        Dict: `draws`, `faces` (of the test set), `accuracy` (on the test set), `percentile` (of
        that accuracy among the redraws, 0 to 100), `mean`, `sd`, `low` and `high` (the 2.5% and
        the 97.5% quantile of the redraws), `pools` (by drawn class `test` and `validation`, their
        faces) and `full_redraw`.
    """
    found, accuracy = redraw_accuracies(test, validation, draws, seed), _right(test).mean()
    low, high = np.quantile(found, [0.025, 0.975])
    return {
        "draws": draws,
        "faces": len(test),
        "accuracy": float(accuracy),
        "percentile": float(percentileofscore(found, accuracy, kind="mean")),
        "mean": float(found.mean()),
        "sd": float(found.std(ddof=1)),
        "low": float(low),
        "high": float(high),
        "pools": pools(test, validation),
        "full_redraw": full_redraw(test),
    }


def redraw_accuracies(test, validation, draws, seed):
    """Accuracy on each redraw.

    The number of rightly predicted faces in a draw without replacement is hypergeometric, so that
    no faces need to be drawn to count them.

    Args:
        test, validation, draws, seed: As in `redraws`.

    Returns:
        Shape `(draws,)`.
    """
    generator = np.random.default_rng(seed)
    kept = ~test["actual"].isin(DRAWN)
    total = np.full(draws, _right(test)[kept].sum())
    for name in DRAWN:
        own, further = (_right(table)[table["actual"] == name] for table in (test, validation))
        good = own.sum() + further.sum()
        wrong = len(own) + len(further) - good
        total += generator.hypergeometric(good, wrong, len(own), draws)
    return total / len(test)


def pools(test, validation):
    """Faces of each drawn class, and the network's recall of them.

    Args:
        test, validation: As in `redraws`.

    Returns:
        Dict of class to `test` and `validation`, the faces, and `test_recall` and
        `validation_recall`; the recall of a class without faces is left out.
    """
    found = {}
    for name in DRAWN:
        found[name] = {}
        for part, table in (("test", test), ("validation", validation)):
            right = _right(table)[table["actual"] == name]
            found[name][part] = len(right)
            if len(right):
                found[name][f"{part}_recall"] = float(right.mean())
    return found


def full_redraw(test):
    """Spread of the accuracy if all faces of the drawn classes were drawn anew.

    The rightly predicted faces of a drawn class are binomial, with the class's recall on the test
    set as the probability.

    Args:
        test: As in `redraws`.

    Returns:
        Dict: `sd` of the accuracy and `half_width` of its 95% interval, fractions.
    """
    variance = 0.0
    for name in DRAWN:
        right = _right(test)[test["actual"] == name]
        if len(right):
            variance += len(right) * right.mean() * (1 - right.mean())
    deviation = float(np.sqrt(variance)) / len(test)
    return {"sd": deviation, "half_width": 1.96 * deviation}


def _right(table):
    return table["actual"] == table["predicted"]
