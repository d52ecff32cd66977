"""Tests, class by class, whether two models recall a different share of its faces."""

from ferd.classes import CLASSES
from ferd.scoring.tables import compare_models


def compare_recalls(first, second, groups, draws, seed):
    """Recall of each class by two models, and the test of the difference.

    The exact McNemar test is on the faces of the class alone; Holm's correction is over the
    classes.

    Args:
        first, second: DataFrames of `ferd.study.base.results.prediction_table`, of the same images.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of class, as far as the tables have it, to `faces`, the recall of the `first` and of
        the `second` model, and the `ferd.scoring.uncertainty.compare_pairs` of the first less the
        second.
    """
    faces = {name: set(first.loc[first["actual"] == name, "name"]) for name in CLASSES}
    models = {"first": first, "second": second}
    tests = compare_models(models, [("first", "second")], faces, groups, draws, seed)
    found = {name: next(iter(pairs.values())) for name, pairs in tests.items()}
    return {
        name: {"faces": len(faces[name])} | recalls(models, faces[name]) | test
        for name, test in corrected(found).items()
    }


def recalls(models, names):
    """Share of some faces of one class that each model predicts right.

    Args:
        models: Dict of model to DataFrame of `ferd.study.base.results.prediction_table`.
        names: The faces' names.

    Returns:
        Dict of model to its recall.
    """
    shown = {name: table[table["name"].isin(names)] for name, table in models.items()}
    return {
        name: float((table["actual"] == table["predicted"]).mean()) for name, table in shown.items()
    }


def corrected(tests):
    """Replaces the `p_holm` of single tests by Holm's correction over all of them."""
    from statsmodels.stats.multitest import multipletests

    values = multipletests([test["p"] for test in tests.values()], method="holm")[1]
    return {
        name: test | {"p_holm": float(value)}
        for (name, test), value in zip(tests.items(), values, strict=True)
    }
