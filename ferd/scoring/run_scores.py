"""Scores a run's predictions: all scores for the documents, and a dozen for `dvc metrics`."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.scoring.scores import score
from ferd.scoring.tables import score_table, whole_parts

INDEX = {name: number for number, name in enumerate(CLASSES)}


def table_scores(table):
    """`ferd.scoring.scores.score` of a table of predictions.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`.
    """
    actual, predicted = (table[column].map(INDEX).to_numpy() for column in ("actual", "predicted"))
    columns = [f"p_{name}" for name in CLASSES]
    known = set(columns) <= set(table.columns)
    return score(actual, predicted, table[columns].to_numpy() if known else None)


def paper_scores(table, audit):
    """Scores on the paper's test set.

    Args:
        table: Predictions of detected test faces, or of all test images.
        audit: From `ferd.scoring.evaluation.read_audit`.

    Returns:
        Dict: `test`, the scores on the detected faces; with other images also `test_all`.
    """
    found = (audit.loc[table["name"], "found"] == 1).to_numpy()
    scores = {"test_all": table_scores(table)} if not found.all() else {}
    return scores | {"test": table_scores(table[found])}


def recipe_scores(table, parts, groups, draws, seed):
    """Scores of a recipe's network on its test set.

    Args:
        table: Predictions of the test images.
        parts: From `paper_parts`, or `ferd.scoring.copy_effect.parts_by_copy`.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict: `test` (part to `ferd.scoring.evaluation.score_part`) and `classes` (all scores on
        all test images).
    """
    rows = whole_parts(table["name"], parts)
    test = {part: score_table(table[chosen], groups, draws, seed) for part, chosen in rows}
    return {"test": test, "classes": table_scores(table)}


def paper_parts(shown, audit):
    """Splits test images into those with and those without an exact or near copy in train.

    Args:
        shown: Series of the test images' names.
        audit: As in `paper_scores`.

    Returns:
        Dict of `all`, `without_copy` and `with_copy` to a set of names.
    """
    copied = (audit.loc[shown, "copy"] != "none").to_numpy()
    return {
        "all": set(shown),
        "without_copy": set(shown[~copied]),
        "with_copy": set(shown[copied]),
    }


def accuracy_without_copies(table, audit):
    """Accuracy on the detected test faces without an exact or near copy in train; None without any.

    Args:
        table, audit: As in `paper_scores`.
    """
    rows = audit.loc[table["name"]]
    alone = ((rows["found"] == 1) & (rows["copy"] == "none")).to_numpy()
    right = (table["actual"] == table["predicted"]).to_numpy()
    return float(right[alone].mean()) if alone.any() else None


def metrics_row(scores, without_copies=None, validation=None, parameters=None):
    """What `dvc metrics show` compares, under the same names for every run.

    Args:
        scores: From `table_scores`.
        without_copies: Accuracy on the test images without a copy in the training images.
        validation: Accuracy on the validation fold.
        parameters: Weights of the network.

    Returns:
        Dict of at most a dozen numbers; one that is not known is left out.
    """
    row = {
        "faces": scores["faces"],
        "accuracy": scores["accuracy"],
        "accuracy_without_copies": without_copies,
        "balanced_accuracy": scores["macro"]["recall"],
        "macro_f1": scores["macro"]["f1"],
        "auc": scores.get("auc"),
        "kappa": scores["kappa"],
        "mcc": scores["mcc"],
        "validation_accuracy": validation,
        "parameters": parameters,
    }
    return {name: value for name, value in row.items() if value is not None}


def confusion_table(table):
    """A row per pair of classes: actual, predicted, faces.

    Args:
        table: As in `table_scores`.
    """
    counts = np.zeros((len(CLASSES), len(CLASSES)), int)
    pairs = (table[column].map(INDEX).to_numpy() for column in ("actual", "predicted"))
    np.add.at(counts, tuple(pairs), 1)
    return pd.DataFrame(
        {
            "actual": np.repeat(CLASSES, len(CLASSES)),
            "predicted": np.tile(CLASSES, len(CLASSES)),
            "faces": counts.ravel(),
        }
    )
