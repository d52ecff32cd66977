"""Returns a classifier's predictions as a pandas DataFrame, with the columns of `ferd predict`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferd.inference.emotion import Emotion, Face
from ferd.inference.prediction_rows import BOX, NO_FACE, NOTE

if TYPE_CHECKING:
    import pandas as pd


def to_frame(answers: Sequence[Emotion] | Sequence[Face | list[Face]]) -> "pd.DataFrame":
    """Tabulates the predictions of `ferd.inference.classifier.Classifier`.

    Args:
        answers: A list of `Emotion` (from `predict`), a list of `Face` (from `predict_faces`), or a
            list of lists of `Face`, one for each photo.

    Returns:
        DataFrame. Of emotions: a row each with `label`, `confidence` and `p_<class>`. Of faces: a
        row each, the box (pixels), `level` and `detector_score` before these, `note` after them. Of
        photos: `photo` and `face`, both counted from 0, before that; a photo without a face has one
        row labelled "no face" whose other columns are empty. An empty list gives an empty table.

    Raises:
        ModuleNotFoundError: If pandas, which `ferd predict` does not need, is not installed.
        TypeError: If the list holds anything else.
    """
    import pandas as pd

    return pd.DataFrame(
        [row for number, entry in enumerate(answers) for row in _rows(number, entry)]
    )


def _rows(number: int, entry: object) -> list[dict[str, Any]]:
    if isinstance(entry, Emotion):
        return [_of_emotion(entry)]
    if isinstance(entry, Face):
        return [_of_face(entry)]
    if not isinstance(entry, list):
        raise TypeError(f"answers hold Emotion, Face or lists of Face, not {type(entry).__name__}")
    if not entry:
        return [{"photo": number, "label": NO_FACE}]
    return [{"photo": number, "face": index} | _of_face(face) for index, face in enumerate(entry)]


def _of_face(face: Face) -> dict[str, Any]:
    box = {name: getattr(face, name) for name in BOX}
    return box | _of_emotion(face.emotion) | {NOTE: face.note}


def _of_emotion(emotion: Emotion) -> dict[str, Any]:
    shares: dict[str, Any] = {f"p_{name}": value for name, value in emotion.probabilities.items()}
    return {"label": emotion.label, "confidence": emotion.confidence} | shares
