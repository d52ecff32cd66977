"""Returns a classifier's predictions as a pandas DataFrame, with the columns of `ferd predict`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferd.classes import CLASSES
from ferd.inference.emotion import Emotion, Face
from ferd.inference.writing.prediction_rows import BOX, NO_FACE, NOTE

if TYPE_CHECKING:
    import pandas as pd


def to_frame(
    answers: Emotion | Face | Iterable[Emotion | Face | Sequence[Face]],
) -> "pd.DataFrame":
    """Tabulates the predictions of `ferd.inference.classifier.Classifier`.

    Args:
        answers: A list of `Emotion` (from `predict`), a list of `Face` (from `predict_faces`), or a
            list of lists of `Face`, one for each photo. A single `Emotion` or `Face` is one row.

    Returns:
        DataFrame with a row per emotion or face. Emotions have the columns `label`, `confidence`
        and `p_<class>`. Faces have the box (pixels), `level` and `detector_score` before these, and
        `note` after them. A list of lists also has `photo` and `face` as first columns, both
        counted from 0; there a photo without a face has one row with the label "no face", whose
        other columns are empty. An empty list gives an empty table with the columns of faces.

    Raises:
        ModuleNotFoundError: If pandas, which `ferd predict` does not need, is not installed.
        TypeError: If the list holds anything else.
    """
    import pandas as pd

    entries = [answers] if isinstance(answers, Emotion | Face) else list(answers)
    rows = [row for number, entry in enumerate(entries) for row in _rows(number, entry)]
    return pd.DataFrame(rows, columns=_columns(entries, rows))


def _columns(entries: Sequence[object], rows: Sequence[dict[str, Any]]) -> list[str]:
    """Names of the columns, the same whether or not faces were found."""
    shares = (name for row in rows for name in row if name.startswith("p_"))
    names = [*dict.fromkeys(shares)] or [f"p_{name}" for name in CLASSES]
    emotion = ["label", "confidence", *names]
    if entries and all(isinstance(entry, Emotion) for entry in entries):
        return emotion
    is_photos = any(isinstance(entry, list | tuple) for entry in entries)
    return [*(("photo", "face") if is_photos else ()), *BOX, *emotion, NOTE]


def _rows(number: int, entry: object) -> list[dict[str, Any]]:
    if isinstance(entry, Emotion):
        return [_of_emotion(entry)]
    if isinstance(entry, Face):
        return [_of_face(entry)]
    if not isinstance(entry, list | tuple):
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
