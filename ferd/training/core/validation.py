"""Scores a network on its validation fold, by which epochs and recipes are chosen."""

from sklearn.metrics import accuracy_score, f1_score

from ferd.classes import CLASSES


def validation_scores(classes, probabilities):
    """Accuracy and macro F1.

    Args:
        classes: Integer class indices, shape `(faces,)`.
        probabilities: Shape `(faces, 7)`.

    Returns:
        Dict: `faces`, `accuracy` and `macro_f1`, fractions.
    """
    predicted, labels = probabilities.argmax(axis=1), range(len(CLASSES))
    macro = f1_score(classes, predicted, labels=labels, average="macro", zero_division=0)
    return {
        "faces": len(classes),
        "accuracy": float(accuracy_score(classes, predicted)),
        "macro_f1": float(macro),
    }
