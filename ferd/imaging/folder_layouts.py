"""Recognizes the layout of a folder of labelled faces and lists its images and labels.

The labels come from folder names (classes by name or number, below or above the folders of a
split), from file names (JAFFE) or from the lines of a list (RAF-DB's download).
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from ferd.classes import CLASSES
from ferd.imaging.label_names import AFFECT_NET, FER2013, JAFFE, JAFFE_CODES, LISTS, NAMES, RAF_DB

Place = tuple[str, ...]  # the names that lead from the folder to one in it
Tree = dict[Place, list[str]]


class LayoutError(SystemExit):
    """A folder whose labels cannot be read. As a SystemExit it ends a command with status 1."""


class _Entry(NamedTuple):
    path: str
    label: str
    parts: tuple[str, ...]  # lower-case names of further parent folders: splits, persons


@dataclass(frozen=True)
class LabelledFolder:
    """A folder's images.

    Args:
        layout: One of `LAYOUTS`.
        faces: List of `(path, label)`, labels of `CLASSES` alone; paths may turn out unreadable.
        left_out: Dict of every other label to its number of files.
    """

    layout: str
    faces: list[tuple[str, str]]
    left_out: dict[str, int]


def read_folder(
    folder: str | os.PathLike[str], layout: str | None = None, part: str | None = None
) -> LabelledFolder:
    """Lists the labelled images of a folder; names that start with a dot are left out.

    Args:
        folder: Path.
        layout: One of `LAYOUTS`; recognized automatically if None.
        part: Reads only folders of that name (in RAF-DB's list: files whose name starts so), in any
            case; everything if None.

    Returns:
        A `LabelledFolder`, sorted by folder, then name.

    Raises:
        LayoutError: If there is no such folder or part, no layout or more than one fits, or no
            image has one of the seven classes.
        OSError: If a folder below cannot be listed.
    """
    if not os.path.isdir(folder):
        raise LayoutError(f"{folder}: there is no such folder")
    folder = os.fspath(folder)
    tree = _tree(folder)
    layout = layout or _recognize(folder, tree)
    entries = _part(folder, list(LAYOUTS[layout](folder, tree)), part)
    pairs = [(entry.path, entry.label) for entry in entries]
    empty = f"{folder}: holds no image of the seven classes (layout {layout})"
    return labelled(layout, pairs, empty)


def labelled(layout: str, pairs: list[tuple[str, str]], empty: str) -> LabelledFolder:
    """Sorts images by whether the seven classes have their label.

    Args:
        layout: The layout's name.
        pairs: List of `(path, label)`.
        empty: The message where no image is left.

    Returns:
        A `LabelledFolder`, in the order of the pairs.

    Raises:
        LayoutError: If no image has one of the seven classes.
    """
    faces = [pair for pair in pairs if pair[1] in CLASSES]
    if not faces:
        raise LayoutError(empty)
    others = sorted(label for _, label in pairs if label not in CLASSES)
    return LabelledFolder(layout, faces, dict(Counter(others)))


def _tree(folder: str) -> Tree:
    """Dict of the names that lead from `folder` to each folder in it to its sorted files' names."""
    tree: Tree = {}
    for parent, folders, files in os.walk(folder, onerror=_raise):
        # os.walk reads this list next, so sorting and filtering it in place controls the walk.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        place = Path(parent).relative_to(folder).parts
        tree[place] = sorted(name for name in files if not name.startswith("."))
    return tree


def _raise(error: OSError) -> NoReturn:
    raise error


def _recognize(folder: str, tree: Tree) -> str:
    numbers = _numbers(tree)
    files = [name for names in tree.values() for name in names]
    fits = {
        "class-folders": any(_depth(place, NAMES) is not None for place in tree),
        "raf-db": numbers == set(RAF_DB),
        "raf-db-list": any(name.lower() in LISTS for name in files),
        "fer2013": numbers == set(FER2013),
        "affectnet": numbers | {"7"} == set(AFFECT_NET),  # 7 is contempt, which may be left out
        "jaffe": any(JAFFE.fullmatch(name) for name in files),
    }
    found = [name for name, is_fitting in fits.items() if is_fitting]
    if len(found) == 1:
        return found[0]
    if found:
        raise LayoutError(f"{folder}: could be {' or '.join(found)}; choose with --layout")
    if numbers:
        wanted = "FER2013's (0 to 6), RAF-DB's (1 to 7) or AffectNet's (0 to 7)"
        raise LayoutError(f"{folder}: its numbered folders are not {wanted}; set --layout")
    wanted = "folders named by class or number, RAF-DB's list, JAFFE's file names"
    raise LayoutError(f"{folder}: no labels found (known: {wanted})")


def _numbers(tree: Tree) -> set[str]:
    """The numbers that name folders, each path's first one, outside of folders named by class."""
    places = [place for place in tree if _depth(place, NAMES) is None]
    numbers = (next(filter(str.isdecimal, place), None) for place in places)
    return {number for number in numbers if number is not None}


def _depth(place: Place, labels: Mapping[str, str]) -> int | None:
    return next((depth for depth, name in enumerate(place) if name.lower() in labels), None)


def _by_folders(folder: str, tree: Tree, labels: Mapping[str, str]) -> Iterator[_Entry]:
    """Labels files by the folder they lie in; what lies beside such folders has its own name."""
    depths = {place: _depth(place, labels) for place in tree}
    parents = {place[:depth] for place, depth in depths.items() if depth is not None}
    for place, depth in depths.items():
        if depth is None:
            above = (n for n in range(len(place)) if place[:n] in parents)
            depth = max(above, default=None)
        if depth is not None:
            name = place[depth].lower()
            parts = _lower(place[:depth] + place[depth + 1 :])
            for file in tree[place]:
                yield _Entry(os.path.join(folder, *place, file), labels.get(name, name), parts)


def _by_list(folder: str, tree: Tree) -> Iterator[_Entry]:
    """Labels the images in RAF-DB's list, the aligned ones where there are any."""
    paths = {name: os.path.join(folder, *place, name) for place in tree for name in tree[place]}
    lists = [path for name, path in paths.items() if name.lower() in LISTS]
    if not lists:
        raise LayoutError(f"{folder}: holds no {LISTS[0]}")
    with open(lists[0], encoding="utf-8", errors="surrogateescape") as file:
        rows = [line.split() for line in file if line.strip()]
    for row in rows:
        if len(row) != 2 or row[1] not in RAF_DB:
            line = " ".join(row)
            raise LayoutError(f"{lists[0]}: '{line}' is not an image and a number from 1 to 7")
        stem, suffix = os.path.splitext(row[0])
        names = (f"{stem}_aligned{suffix}", row[0])
        # A listed image that is missing is kept, so that reading it reports the error.
        path = next((paths[name] for name in names if name in paths), os.path.join(folder, row[0]))
        yield _Entry(path, RAF_DB[row[1]], _lower(stem.split("_")[:1]))


def _by_jaffe_names(folder: str, tree: Tree) -> Iterator[_Entry]:
    for place, names in tree.items():
        for name in names:
            if match := JAFFE.fullmatch(name):
                label = JAFFE_CODES[match[1].lower()]
                yield _Entry(os.path.join(folder, *place, name), label, _lower(place))


def _lower(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def _part(folder: str, entries: list[_Entry], part: str | None) -> list[_Entry]:
    if part is None:
        return entries
    kept = [entry for entry in entries if part.lower() in entry.parts]
    if not kept:
        known = sorted({name for entry in entries for name in entry.parts})
        there = f"there are: {', '.join(known[:10])}" if known else "there are none"
        raise LayoutError(f"{folder}: has no part '{part}' ({there})")
    return kept


LAYOUTS = {
    "class-folders": lambda folder, tree: _by_folders(folder, tree, NAMES),
    "fer2013": lambda folder, tree: _by_folders(folder, tree, FER2013),
    "raf-db": lambda folder, tree: _by_folders(folder, tree, RAF_DB),
    "raf-db-list": _by_list,
    "affectnet": lambda folder, tree: _by_folders(folder, tree, AFFECT_NET),
    "jaffe": _by_jaffe_names,
}
