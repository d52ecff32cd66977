"""Scores exported networks and compares them with the original Keras network."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.dataset.parts.copy_groups import copy_groups, has_copy
from ferd.scoring import calibration
from ferd.scoring.evaluation import evaluate, score_part
from ferd.scoring.scores import per_class

PARTS = (
    *("detected", "without_copy", "without_any_copy", "with_copy", "not_detected", "all"),
    *("votes_up_to_5", "votes_6_to_8", "votes_9_to_10"),
)


def score_on_validation(actual, probabilities):
    """Accuracy and log-likelihood on the validation faces, by which choices are made.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        probabilities: Shape `(faces, 7)`.

    Returns:
        Dict: `faces`, `accuracy` and `log_likelihood` (mean of a face).
    """
    likelihood = -calibration.negative_log_likelihood(actual, probabilities)
    right = probabilities.argmax(axis=1) == actual
    return {"faces": len(actual), "accuracy": float(right.mean()), "log_likelihood": likelihood}


def score_parts(audit, probabilities, draws, seed):
    """Accuracy with its interval on the parts of the test set, of each network.

    Args:
        audit: The test rows of data/audit.csv.
        probabilities: Dict of network to its probabilities for these images, shape `(images, 7)`.
        draws, seed: As in `ferd.scoring.evaluation.evaluate`.

    Returns:
        Dict of network to dict of part to what `ferd.scoring.evaluation.score_part` gives; of
        `PARTS` those that have images.
    """
    classes = np.array(CLASSES)
    answers = pd.DataFrame(
        {name: classes[values.argmax(axis=1)] for name, values in probabilities.items()},
        index=audit.index,
    )
    scores = evaluate(audit, answers, draws, seed)
    return {
        name: {part: parts[part] for part in PARTS if part in parts}
        for name, parts in scores.items()
    }


def score_detected(actual, probabilities, temperature, bins):
    """Scores by class and calibration on the detected test faces.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        probabilities: Shape `(faces, 7)`.
        temperature: From the validation part.
        bins: As in `ferd.scoring.calibration.calibration_error`.

    Returns:
        Dict: `per_class` (as in `ferd.scoring.scores.per_class`) and `calibration`: `temperature`,
        and `before` and `after` it `calibration_error` and `log_likelihood`.
    """
    softened = calibration.apply_temperature(probabilities, temperature)
    scores = {"temperature": temperature}
    for when, values in (("before", probabilities), ("after", softened)):
        scores[when] = {
            "calibration_error": calibration.calibration_error(actual, values, bins),
            "log_likelihood": -calibration.negative_log_likelihood(actual, values),
        }
    by_class = per_class(actual, probabilities.argmax(axis=1))
    return {"per_class": by_class, "calibration": scores}


def parity(actual, reference, probabilities):
    """Compares an exported network's predictions with those of the Keras network.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        reference: The Keras network's probabilities, shape `(faces, 7)`.
        probabilities: The exported network's, of the same faces.

    Returns:
        Dict: `same_label` (share of the faces), `largest_difference` (of two probabilities) and
        `accuracy_minus_keras`.
    """
    labels, expected = probabilities.argmax(axis=1), reference.argmax(axis=1)
    gain = (labels == actual).astype(float) - (expected == actual)
    return {
        "same_label": float((labels == expected).mean()),
        "largest_difference": float(np.abs(probabilities - reference).max()),
        "accuracy_minus_keras": float(gain.mean()),
    }


def score_by_copy(faces, predicted, draws, seed):
    """Accuracy with its interval on all test faces, on those with a copy in train, and others.

    Args:
        faces: `ferd.training.recipes.data.RecipeFaces`.
        predicted: Integer class indices, shape `(test faces,)`.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of part (`all`, `without_copy`, `with_copy`), of those that have faces, to
        `ferd.scoring.evaluation.score_part`.
    """
    actual, given = (np.array(CLASSES)[rows] for rows in (faces.test.classes, predicted))
    copied = has_copy(faces.test, faces.train)
    groups = copy_groups().loc[faces.test.names].to_numpy()
    parts = {"all": copied | True, "without_copy": ~copied, "with_copy": copied}
    return {
        part: score_part(actual[mask], given[mask], groups[mask], draws, seed)
        for part, mask in parts.items()
        if mask.any()
    }
