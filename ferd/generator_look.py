"""Whether a network takes a class for the look of the generator that trained it on that class."""

import numpy as np


def rare_answers(actual, predicted, rare):
    """How often a network names a rare class, where it should and where it should not.

    Args:
        actual: Integer class indices, shape `(faces,)`.
        predicted: Integer class indices, shape `(faces,)`.
        rare: bool per class, from `ferd.differential.rare_classes`.

    Returns:
        Dict of fractions: `accuracy`; `rare_recall`, the faces of rare classes named rightly;
        `others_called_rare`, the faces of the other classes that are given a rare one.

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
