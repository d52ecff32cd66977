"""What a classifier predicts: the expression of a face, and where the face is in its photo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Emotion:
    """The expression that a face shows.

    Args:
        label: The likeliest class.
        confidence: Its calibrated probability.
        probabilities: Calibrated probability by class; they sum to 1.
    """

    label: str
    confidence: float
    probabilities: dict[str, float]


def likeliest(probabilities: dict[str, float]) -> Emotion:
    """The `Emotion` of calibrated probabilities by class."""
    label = max(probabilities, key=probabilities.__getitem__)
    return Emotion(label, probabilities[label], probabilities)


@dataclass(frozen=True)
class Face:
    """A face in a photo: its box in pixels (right and bottom excluded), and its expression.

    `level` is dlib's up-sampling level, None with the detector fast. `detector_score` is dlib's
    score, or the confidence of fast, from 0 to 1. Both are None for a whole image, and for a box in
    a video frame that was not searched. `note` says that a very dark face was brightened; it is
    None for the others.
    """

    left: int
    top: int
    right: int
    bottom: int
    level: int | None
    detector_score: float | None
    emotion: Emotion
    note: str | None = None
