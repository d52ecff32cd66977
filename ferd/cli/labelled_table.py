"""Reads a table of labelled faces: a CSV file with a path and a label in each row."""

import csv
import os

from ferd.imaging.folder_layouts import LayoutError, labelled
from ferd.imaging.label_names import AFFECT_NET, FER2013, NAMES, RAF_DB

TABLE = "table"
# Names of columns in lower case, the first one that a table has counts. `actual` is before `label`:
# in the tables of --predictions `label` is the predicted class.
FILES = ("file", "path", "image", "filename", "file_path", "image_path", "img", "image_name")
LABELS = ("actual", "label", "emotion", "expression", "class")
PARTS = ("part", "split", "usage", "set", "subset")
NUMBERS = {"fer2013": FER2013, "raf-db": RAF_DB, "affectnet": AFFECT_NET}
DELIMITERS = ",;\t"


def read_table(path, layout=None, part=None):
    """Lists the labelled images of a CSV file whose first line names the columns.

    Args:
        path: The file: UTF-8, its columns separated by commas, semicolons or tabs. Paths in it are
            relative to its folder.
        layout: One of `NUMBERS`, if labels are the numbers of that data set; names if None.
        part: Takes only rows whose column `part`, `split`, `usage`, `set` or `subset` has this
            value, in any case; all rows if None.

    Returns:
        A `ferd.imaging.folder_layouts.LabelledFolder`, in the order of the rows.

    Raises:
        LayoutError: If a column is missing, a label is a number without a layout, there is no such
            part, or no image has one of the seven classes.
    """
    if layout not in (None, *NUMBERS):
        raise LayoutError(f"{path}: is a table, and --layout {layout} is for folders")
    names, rows = _rows(path)
    file, label = (_column(path, names, known) for known in (FILES, LABELS))
    rows = _part(path, names, rows, part)
    known = NAMES if layout is None else NUMBERS[layout]
    # pandas writes 3.0 where it had numbers and empty cells.
    labels = [row[label].strip().lower().removesuffix(".0") or "(no label)" for row in rows]
    labels = [known.get(name, name) for name in labels]
    if layout is None and (number := next(filter(str.isdecimal, labels), None)):
        line = f"the label {number!r} is a number: write class names, or give --layout"
        raise LayoutError(f"{path}: {line} {', '.join(NUMBERS)} if it is of that data set")
    folder = os.path.dirname(path)
    paths = [os.path.join(folder, row[file]) for row in rows]
    name = TABLE if layout is None else f"{TABLE}, {layout}"
    empty = f"{path}: has no row with one of the seven classes"
    return labelled(name, list(zip(paths, labels, strict=True)), empty)


def _rows(path):
    """The lower-case names of the columns, and the rows, which are not empty."""
    try:
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            first = file.readline()
            if "\x00" in first:
                raise LayoutError(f"{path}: is no table in UTF-8; save it as CSV in UTF-8")
            file.seek(0)
            delimiter = max(DELIMITERS, key=first.count)
            reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
            rows = [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise LayoutError(f"{path}: cannot be read as a CSV file ({error})") from error
    if not rows:
        raise LayoutError(f"{path}: is empty")
    names = [name.strip().lower() for name in rows.pop(0)[1]]
    for line, row in rows:
        if len(row) != len(names):
            counts = f"{len(row)} columns instead of {len(names)}"
            raise LayoutError(f"{path}: line {line} has {counts}: {delimiter.join(row)[:80]}")
    return names, [row for _, row in rows]


def _column(path, names, known):
    found = next((name for name in known if name in names), None)
    if found is None:
        there = ", ".join(names)
        raise LayoutError(f"{path}: has none of the columns {', '.join(known)} (it has: {there})")
    return names.index(found)


def _part(path, names, rows, part):
    if part is None:
        return rows
    column = _column(path, names, PARTS)
    kept = [row for row in rows if row[column].strip().lower() == part.lower()]
    if not kept:
        there = ", ".join(sorted({row[column] for row in rows})[:10])
        raise LayoutError(f"{path}: has no part '{part}' (there are: {there})")
    return kept
