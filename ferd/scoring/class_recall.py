"""Tests, class by class, whether two models recall a different share of its faces."""

from ferd.classes import CLASSES
from ferd.scoring.tables import compare_models
from ferd.scoring.uncertainty import with_holm


def compare_recalls(first, second, groups, draws, seed):
    """Recall of each class by two models, and the test of the difference.

    The tests are on the faces of the class alone; Holm's correction is over the classes.

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
        for name, test in with_holm(found, "p", "p_groups").items()
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
