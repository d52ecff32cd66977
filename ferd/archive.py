"""Reads the faces of a user's data: a zip, a folder or a fer2013.csv, in any of the usual layouts.

Nothing is written or unpacked here. An image's split, class and name come from the innermost
`<split>/<class>/<file>` of its path, so that any folders may lie above (Kaggle's archive holds the
same tree twice, as images/ and as images/images/).
"""

import csv
import io
import os
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ferd.classes import CLASSES, SPLITS
from ferd.images import encode_png

SPLIT_NAMES = {"train": "train", "training": "train"}
SPLIT_NAMES |= dict.fromkeys(("validation", "val", "valid", "test"), "test")
CLASS_NAMES = {name: name for name in CLASSES} | {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}
IMAGE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
MAX_FILE_BYTES = 1 << 30  # fer2013.csv, the largest honest one, has 0.3e9

TABLE_NAME = "fer2013.csv"
TABLE_COLUMNS = ("emotion", "pixels", "Usage")
TABLE_SPLITS = {"Training": "train", "PublicTest": "test", "PrivateTest": "test"}
# FER2013 numbers its classes in an order of its own: neutral comes last.
TABLE_CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
TABLE_SIDE = 48
LAYOUTS = (
    "images/{train,validation}/<class>/<file>, {train,test}/<class>/<file> or a fer2013.csv, "
    "in a zip or a folder"
)


class ArchiveError(SystemExit):
    """Data that cannot be used. As a SystemExit it ends a stage with its message and status 1."""


class _Store(NamedTuple):
    """Where files are read from.

    Args:
        names: Posix path of every file inside, sorted.
        folders: Posix paths of the folders that are known without a file in them.
        read: Function of a name that returns the file's bytes.
    """

    names: list
    folders: list
    read: object


def read_faces(path):
    """Reads every face of a data set, in an order that depends on its content alone.

    Args:
        path: A zip, a folder, or a CSV in FER2013's form.

    Returns:
        Iterator of `(split, class, name, content)`: our names of split and class, the file's stem
        (for a CSV the row's number) and the image file's bytes (for a CSV a lossless PNG).

    Raises:
        ArchiveError: Before the first face if the layout, a class or the file is wrong; on the way
            for a file that is corrupt or that stands there twice with different content.
    """
    store = _open_store(Path(path))
    table = _find_table(store, path)
    if table is not None:
        return _table_faces(store.read(table), f"{path}: {table}")
    return ((*key, content) for key, _, content in _images(store, path))


def read_members(path):
    """Reads the files that `read_faces` needs, for packing them into one zip.

    Args:
        path: As in `read_faces`.

    Returns:
        Iterator of `(name in the zip, bytes)`; equal images give an equal sequence wherever the
        split folders lie.

    Raises:
        ArchiveError: As in `read_faces`, but without looking into the rows of a CSV.
    """
    store = _open_store(Path(path))
    table = _find_table(store, path)
    if table is not None:
        return ((TABLE_NAME, store.read(name)) for name in [table])
    return (
        (f"{split}/{label}/{PurePosixPath(member).name}", content)
        for (split, label, _), member, content in _images(store, path)
    )


def _open_store(path):
    if path.is_dir():
        return _folder_store(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: no such file or folder; give a zip, a folder or a fer2013.csv")
    if path.suffix.lower() == ".csv":
        return _Store([TABLE_NAME], [], lambda name: _read_file(path))
    if path.suffix.lower() != ".zip" and not zipfile.is_zipfile(path):
        raise ArchiveError(f"{path}: is no zip, folder or .csv; unpack it and give the folder")
    return _zip_store(path)


def _folder_store(path):
    names, folders = [], []
    # onerror: os.walk by default leaves out, without a word, every folder it may not open.
    for folder, _, files in os.walk(path, onerror=_refuse_unreadable, followlinks=True):
        below = Path(folder).relative_to(path)
        folders.append(below.as_posix())
        names += [(below / file).as_posix() for file in files if os.path.isfile(f"{folder}/{file}")]
    return _Store(sorted(names), folders, lambda name: _read_file(path / name))


def _read_file(path):
    try:
        _refuse_huge(path, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        _refuse_unreadable(error)


def _refuse_unreadable(error):
    raise ArchiveError(f"{error.filename}: cannot be read ({error.strerror})") from error


def _zip_store(path):
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise ArchiveError(f"{path}: corrupt zip ({error}); download or copy it again") from error
    members = {}
    for info in archive.infolist():
        name = _safe_name(path, info.filename)
        first = members.setdefault(name, info)
        if (first.CRC, first.file_size) != (info.CRC, info.file_size):
            raise ArchiveError(f"{path}: holds {name} twice with different content; drop one")

    def read(name):
        _refuse_huge(f"{path}: {name}", members[name].file_size)
        try:
            return archive.read(members[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            message = f"{path}: {name} is corrupt in the zip ({error}); download or copy it again"
            raise ArchiveError(message) from error
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or an odd compression
            raise ArchiveError(f"{path}: {error}; unpack it and give the folder") from error

    files = sorted(name for name in members if not name.endswith("/"))
    return _Store(files, [name.rstrip("/") for name in members if name.endswith("/")], read)


def _safe_name(path, name):
    name = name.replace("\\", "/")  # some Windows programs write their zips with backslashes
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        raise ArchiveError(f"{path}: holds a path outside itself ({name}); do not use this zip")
    return name


def _refuse_huge(name, size):
    if size > MAX_FILE_BYTES:
        raise ArchiveError(f"{name}: has {size:,} bytes, too many for an image or a table; drop it")


def _find_table(store, path):
    """Name of the store's CSV, or None if it holds folders of images."""
    tables = [name for name in store.names if PurePosixPath(name).name.lower() == TABLE_NAME]
    tables = [name for name in tables if not _is_junk(PurePosixPath(name).parts)]
    if len(tables) > 1:
        raise ArchiveError(f"{path}: holds {tables[0]} and {tables[1]}; keep one of them")
    if tables and any(_place(PurePosixPath(name).parts, name, path) for name in store.names):
        raise ArchiveError(f"{path}: holds both images and {tables[0]}; give one of the two alone")
    return tables[0] if tables else None


def _images(store, path):
    """Checks the layout, then returns an iterator of `((split, class, name), member, content)`."""
    members = {}
    for member in store.names:
        place = _place(PurePosixPath(member).parts, member, path)
        if place is not None:
            members.setdefault(place, []).append(member)
    if not members:
        raise ArchiveError(f"{path}: no faces found; it takes {LAYOUTS}")
    _check_classes({place[:2] for place in members}, store.folders, path)
    order = sorted(members, key=lambda place: (SPLITS.index(place[0]), *place[1:]))
    return ((place, *_read_once(store, members[place], path)) for place in order)


def _place(parts, member, path):
    """`(split, class, name)` of a file, or None for one that is no face."""
    if len(parts) < 3 or _is_junk(parts):
        return None
    if parts[-3].lower() in SPLIT_NAMES:
        label = CLASS_NAMES.get(parts[-2].lower())
        if label is None:
            raise ArchiveError(
                f"{path}: unknown class folder '{parts[-2]}' ({member}); rename it to one of "
                f"{', '.join(CLASSES)} or remove it"
            )
        return SPLIT_NAMES[parts[-3].lower()], label, PurePosixPath(parts[-1]).stem
    deep = any(
        one.lower() in SPLIT_NAMES and two.lower() in CLASS_NAMES
        for one, two in pairwise(parts[:-1])
    )
    if deep and PurePosixPath(parts[-1]).suffix.lower() in IMAGE_ENDINGS:
        raise ArchiveError(f"{path}: {member} lies below its class folder; move it up into it")
    return None


def _is_junk(parts):
    return any(part.lower() in JUNK or part.startswith(".") for part in parts)


def _check_classes(found, folders, path):
    empty = set()
    for folder in folders:
        split, label = ("", "", *folder.lower().split("/"))[-2:]
        empty.add((SPLIT_NAMES.get(split), CLASS_NAMES.get(label)))
    for split in SPLITS:
        for label in CLASSES:
            if (split, label) in found:
                continue
            if (split, label) in empty:
                raise ArchiveError(f"{path}: class folder {split}/{label} is empty; put faces in")
            raise ArchiveError(f"{path}: {split} has no class {label}; it needs all seven classes")


def _read_once(store, members, path):
    """The one member and its bytes, where all that bear the same name are the same image."""
    content = store.read(members[0])
    for other in members[1:]:
        if store.read(other) != content:
            raise ArchiveError(
                f"{path}: {members[0]} and {other} differ but have one name; rename one of them"
            )
    return members[0], content


def _table_faces(content, name):
    rows = _table_rows(content, name)
    rows.sort(key=lambda row: (SPLITS.index(row[0]), row[1], row[2]))
    _check_classes({row[:2] for row in rows}, [], name)
    # Encoded one at a time, when asked for: all at once would double the memory.
    shape = (TABLE_SIDE, TABLE_SIDE)
    return ((*row[:3], encode_png(row[3], shape)) for row in rows)


def _table_rows(content, name):
    csv.field_size_limit(1 << 20)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    table = csv.DictReader(text)
    try:
        # Kaggle's later copy of the table has blanks before its column names.
        table.fieldnames = [column.strip() for column in table.fieldnames or ()]
        if missing := [column for column in TABLE_COLUMNS if column not in table.fieldnames]:
            raise ArchiveError(f"{name}: has no column {missing[0]}; it needs emotion,pixels,Usage")
        return [_table_row(row, name, number) for number, row in enumerate(table)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise ArchiveError(f"{name}: is no readable CSV ({error}); download it again") from error


def _table_row(row, name, number):
    place = f"{name}, row {number}"
    emotion, usage = (row["emotion"] or "").strip(), (row["Usage"] or "").strip()
    if emotion not in map(str, range(len(TABLE_CLASSES))):
        raise ArchiveError(f"{place}: emotion is '{emotion}'; it takes 0 to 6")
    if usage not in TABLE_SPLITS:
        raise ArchiveError(f"{place}: Usage is '{usage}'; it takes {', '.join(TABLE_SPLITS)}")
    try:
        pixels = bytes(map(int, (row["pixels"] or "").split()))
    except ValueError:  # no number, or one outside 0-255
        pixels = b""
    if len(pixels) != TABLE_SIDE**2:
        raise ArchiveError(f"{place}: pixels must be {TABLE_SIDE**2} numbers from 0 to 255")
    return TABLE_SPLITS[usage], TABLE_CLASSES[int(emotion)], str(number), pixels
