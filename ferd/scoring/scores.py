"""Computes all scores of a classifier on a set of faces, as nested dicts for `dvc metrics`."""

import numpy as np
from sklearn import metrics

from ferd.classes import CLASSES
from ferd.ensembles.auc import weighted_auc


def score(actual, predicted, probabilities=None):
    """Scores predictions against the true classes.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        predicted: Integer class indices, shape `(faces,)`.
        probabilities: Shape `(faces, 7)`, rows summing to 1; None for a classifier that has none
            (a hard vote), which then gets no AUC.

    Returns:
        Dict: `faces`, `accuracy`, `majority_baseline`, `auc` (one-vs-rest, weighted by support),
        `weighted` and `macro` (precision, recall, f1), `kappa` (Cohen), `mcc` (Matthews) and
        `per_class` (precision, recall, f1, support). All fractions, not percent.

    Raises:
        ValueError: If the arrays differ in length or there is no face to score.
    """
    actual, predicted = np.asarray(actual), np.asarray(predicted)
    if len(actual) == 0 or len(actual) != len(predicted):
        raise ValueError(f"cannot score {len(predicted)} predictions for {len(actual)} faces")
    counts = np.bincount(actual, minlength=len(CLASSES))
    result = {
        "faces": len(actual),
        "accuracy": float(metrics.accuracy_score(actual, predicted)),
        "majority_baseline": float(counts.max() / counts.sum()),
    }
    if probabilities is not None:
        result["auc"] = weighted_auc(actual, np.asarray(probabilities))
    for average in ("weighted", "macro"):
        result[average] = _precision_recall_f1(actual, predicted, average)
    # Undefined (0 / 0) if there is only one class and only it is predicted: 0, as for MCC.
    result["kappa"] = float(np.nan_to_num(metrics.cohen_kappa_score(actual, predicted)))
    result["mcc"] = float(metrics.matthews_corrcoef(actual, predicted))
    result["per_class"] = per_class(actual, predicted)
    return result


def per_class(actual, predicted):
    """Precision, recall, F1 and support of each class, by class name; 0 where undefined."""
    columns = metrics.precision_recall_fscore_support(
        actual, predicted, labels=range(len(CLASSES)), zero_division=0
    )
    return {
        name: {
            "precision": float(columns[0][index]),
            "recall": float(columns[1][index]),
            "f1": float(columns[2][index]),
            "support": int(columns[3][index]),
        }
        for index, name in enumerate(CLASSES)
    }


def _precision_recall_f1(actual, predicted, average):
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        actual, predicted, labels=range(len(CLASSES)), average=average, zero_division=0
    )
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
