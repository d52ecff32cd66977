"""Reads fer2013.csv, FER2013's own format: one row per face with class, pixels and split."""

import csv
import io

from ferd.classes import SPLITS

TABLE_NAME = "fer2013.csv"
TABLE_COLUMNS = ("emotion", "pixels", "Usage")
TABLE_SPLITS = {"Training": "train", "PublicTest": "test", "PrivateTest": "test"}
# FER2013 numbers its classes in an order of its own: neutral comes last.
TABLE_CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SIDE = 48


class BadTable(ValueError):
    """A CSV that cannot be used; the message names the file, the row and the reason."""


def read_rows(content, name):
    """Reads every row of the table.

    Args:
        content: The file's bytes.
        name: The file's name, for the messages.

    Returns:
        List of `(split, class, number, pixels)`: our names of split and class, the row's number
        from 0 as a string, and `SIDE * SIDE` gray levels as bytes, row by row. Sorted by the first
        three, train before test.

    Raises:
        BadTable: If the file is no CSV, lacks a column, or a row does not fit.
    """
    csv.field_size_limit(1 << 20)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    table = csv.DictReader(text)
    try:
        # Kaggle's later copy of the table has blanks before its column names.
        table.fieldnames = [column.strip() for column in table.fieldnames or ()]
        if missing := [column for column in TABLE_COLUMNS if column not in table.fieldnames]:
            raise BadTable(f"{name}: has no column {missing[0]}; it needs emotion,pixels,Usage")
        rows = [_read_row(row, name, number) for number, row in enumerate(table)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadTable(f"{name}: is no readable CSV ({error}); download it again") from error
    return sorted(rows, key=lambda row: (SPLITS.index(row[0]), row[1], row[2]))


def _read_row(row, name, number):
    place = f"{name}, row {number}"
    emotion, usage = (row["emotion"] or "").strip(), (row["Usage"] or "").strip()
    if emotion not in map(str, range(len(TABLE_CLASSES))):
        raise BadTable(f"{place}: emotion is '{emotion}'; it takes 0 to 6")
    if usage not in TABLE_SPLITS:
        raise BadTable(f"{place}: Usage is '{usage}'; it takes {', '.join(TABLE_SPLITS)}")
    try:
        pixels = bytes(map(int, (row["pixels"] or "").split()))
    except ValueError:  # no number, or one outside 0-255
        pixels = b""
    if len(pixels) != SIDE**2:
        raise BadTable(f"{place}: pixels must be {SIDE**2} numbers from 0 to 255")
    return TABLE_SPLITS[usage], TABLE_CLASSES[int(emotion)], str(number), pixels
