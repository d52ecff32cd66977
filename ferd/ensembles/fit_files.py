"""Writes what a fitted model predicts for the test images, and what is known of its fit."""

import numpy as np

from ferd.ensembles.auc import weighted_auc
from ferd.ensembles.pycaret_experiment import predict
from ferd.study.base.results import prediction_table, write_table


def write_predictions(experiment, model, faces, folder, label):
    """Writes a table of the test faces, and one of the fallback.

    Args:
        experiment: From `ferd.ensembles.pycaret_experiment.set_up`.
        model: The fitted classifier.
        faces: `ferd.ensembles.features.FaceFeatures`.
        folder: Gets predictions_<label>.csv (a row per test face) and fallback_<label>.csv (a row
            per test image without a detected face).
        label: The model's name.

    Returns:
        Dict: `unrounded_auc`, from `auc_facts`; empty for a model without probabilities.
    """
    parts = []
    for kind, table, names in (
        ("predictions", faces.test, faces.test_names),
        ("fallback", faces.fallback, faces.fallback_names),
    ):
        actual = table["target"].to_numpy()
        if len(table):
            predicted, probabilities = predict(experiment, model, table)
        else:  # only the fallback can be empty; its table has the columns of the other
            predicted, probabilities = actual, None if probabilities is None else probabilities[:0]
        rows = prediction_table(names, actual, predicted, probabilities)
        write_table(f"{folder}/{kind}_{label}.csv", rows)
        parts.append((actual, probabilities))
    return auc_facts(*parts)


def auc_facts(test, fallback):
    """AUC on the test faces and on all test images.

    It is the one score that cannot be computed from the tables: their six digits make ties of the
    probabilities of a model that is very sure (LDA loses points by it).

    Args:
        test, fallback: Pairs of class indices and probabilities, or of these and None.
    """
    if test[1] is None:
        return {}
    both = (np.concatenate(pair) for pair in zip(test, fallback, strict=True))
    return {"unrounded_auc": {"test": weighted_auc(*test), "test_all": weighted_auc(*both)}}
