"""Formats the rows of `ferd predict`: one per face, and one for a frame without a face."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ferd.inference.emotion import Emotion, Face

if TYPE_CHECKING:
    from ferd.inference.reading.frames import Frame

NO_FACE, UNSURE = "no face", "unsure"
PLACE = ("file", "frame", "seconds", "face", "track")
BOX = ("left", "top", "right", "bottom", "level", "detector_score")
NOTE = "note"
DIGITS = 6
# A spreadsheet runs a cell that starts so: =HYPERLINK(...) may send other cells away.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What pandas takes for an empty cell.
EMPTY = frozenset(
    {"", "#N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}
)
# In some places a spreadsheet splits cells that are not quoted there; Python quotes no lone \r.
SPLITS = re.compile("[;\t\r]")
MARK = "\ufeff"  # Excel takes a file without it for one of an old encoding


def columns(classes: Sequence[str], top_k: int | None = None) -> tuple[str, ...]:
    """Lists the names of the columns.

    Args:
        classes: The network's classes in its order.
        top_k: Number of classes with the highest probability to write; None for all.

    Returns:
        Tuple: place, box, `label`, `confidence`, then `p_<class>` of every class, or `label_1`,
        `p_1` to `label_<k>`, `p_<k>`, then `note`.
    """
    answer = tuple(f"p_{name}" for name in classes)
    if top_k is not None:
        answer = tuple(f"{kind}_{n}" for n in range(1, top_k + 1) for kind in ("label", "p"))
    return (*PLACE, *BOX, "label", "confidence", *answer, NOTE)


def label(emotion: Emotion, abstain_below: float = 0.0) -> str:
    """Returns the label of an `Emotion`, or "unsure" if its confidence is below `abstain_below`."""
    return UNSURE if emotion.confidence < abstain_below else emotion.label


def rows(
    frame: "Frame",
    faces: Sequence[Face],
    top_k: int | None = None,
    abstain_below: float = 0.0,
    tracks: Sequence[int] | None = None,
) -> Iterator[dict[str, Any]]:
    """Formats the rows of a frame.

    Args:
        frame: A `ferd.inference.reading.frames.Frame`.
        faces: Its `Face`s.
        top_k: As in `columns`.
        abstain_below: As in `label`.
        tracks: The number of each face's track; None for a photo.

    Yields:
        Dicts of columns to values; a missing column is empty. Faces count from 0. Fractions have
        6 digits.
    """
    place = {"file": frame.source, "frame": frame.number, "seconds": frame.seconds}
    if not faces:
        yield _rounded(place | {"label": NO_FACE, NOTE: _note(frame.notes)})
    for number, face in enumerate(faces):
        row: dict[str, Any] = place | {"face": number, "track": tracks[number] if tracks else None}
        row |= {name: getattr(face, name) for name in BOX}
        row |= {"label": label(face.emotion, abstain_below), "confidence": face.emotion.confidence}
        row |= _answer(face.emotion.probabilities, top_k) | {NOTE: _note((*frame.notes, face.note))}
        yield _rounded(row)


def _note(notes: Sequence[str | None]) -> str | None:
    return ", ".join(filter(None, notes)) or None


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in row.items()
    }


def _answer(probabilities: Mapping[str, float], top_k: int | None) -> dict[str, Any]:
    if top_k is None:
        return {f"p_{name}": value for name, value in probabilities.items()}
    best = sorted(probabilities, key=probabilities.__getitem__, reverse=True)[:top_k]
    answer: dict[str, Any] = {}
    for number, name in enumerate(best, start=1):
        answer |= {f"label_{number}": name, f"p_{number}": probabilities[name]}
    return answer


def csv_name(name: str) -> str:
    r"""Writes a file's name so that a spreadsheet and pandas read it as this text.

    Args:
        name: The name, or `-` for standard input.

    Returns:
        The name; with `./` before it if it would be taken for a formula, a number or an empty cell,
        and with `\udcff` for a byte 0xFF that is not UTF-8.
    """
    name = name.encode("utf-8", "backslashreplace").decode()
    is_text = name == "-" or not (name.startswith(FORMULA) or name in EMPTY or _is_number(name))
    return name if is_text else f"./{name}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class Stream(Protocol):
    """What rows are written to, such as an open text file."""

    def write(self, text: str, /) -> int:
        """Writes text."""

    def flush(self) -> None:
        """Brings to the reader what is written."""


class RowWriter:
    """Writes rows to a stream and flushes it after each, so that a reader gets it at once.

    Args:
        stream: Text stream.
        names: The columns, in order.
        kind: "jsonl" (an empty column is null), "csv" (a header, then empty fields) or "excel" (CSV
            that begins with a byte order mark).
        header: Whether CSV begins with its header.
    """

    def __init__(
        self, stream: Stream, names: Sequence[str], kind: str, header: bool = True
    ) -> None:
        self.stream, self.names = stream, names
        self._is_csv = kind in ("csv", "excel")
        if self._is_csv and header:
            if kind == "excel":
                stream.write(MARK)
            self._writer(csv.QUOTE_MINIMAL).writeheader()
            stream.flush()

    def write(self, row: Mapping[str, Any]) -> None:
        """Writes one row: a dict of some of the columns to values.

        In CSV the file's name is written as by `csv_name`.
        """
        if self._is_csv:
            row = {**row, "file": csv_name(row["file"])}
            splits = any(isinstance(one, str) and SPLITS.search(one) for one in row.values())
            self._writer(csv.QUOTE_ALL if splits else csv.QUOTE_MINIMAL).writerow(row)
        else:
            full = {name: row.get(name) for name in self.names}
            self.stream.write(json.dumps(full) + "\n")
        self.stream.flush()

    def _writer(self, quoting: Literal[0, 1]) -> "csv.DictWriter[str]":
        return csv.DictWriter(self.stream, self.names, lineterminator="\n", quoting=quoting)
