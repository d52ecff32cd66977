"""Tests whether a network takes augmentation artefacts for a sign of a class."""

import numpy as np


def rare_answers(actual, predicted, rare):
    """How often a network predicts a rare class, rightly and wrongly.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        predicted: Integer class indices, shape `(faces,)`.
        rare: bool per class, from `ferd.training.paper.differential.rare_classes`.

    Returns:
        Dict of fractions: `accuracy`; `rare_recall`, the recall of rare classes;
        `others_called_rare`, the share of other faces for which a rare class is predicted.

    Raises:
        ValueError: If there is no face of a rare class, or none of another.
    """
    rows = rare[actual]
    if rows.all() or not rows.any():
        raise ValueError("needs faces of rare classes and of others")
    right = actual == predicted
    return {
        "accuracy": float(np.mean(right)),
        "rare_recall": float(np.mean(right[rows])),
        "others_called_rare": float(np.mean(rare[predicted[~rows]])),
    }
