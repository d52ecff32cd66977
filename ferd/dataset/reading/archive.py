"""Reads the faces of a user's data: a zip, a folder or a fer2013.csv, in any of the usual layouts.

Nothing is written or unpacked here. An image's split, class and name come from the innermost
`<split>/<class>/<file>` of its path, so that any folders may lie above (Kaggle's archive holds the
same tree twice, as images/ and as images/images/).
"""

from itertools import chain
from pathlib import Path, PurePosixPath

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.reading.errors import ArchiveError
from ferd.dataset.reading.fer2013_csv import SIDE, TABLE_NAME, BadTable, read_rows
from ferd.dataset.reading.places import CLASS_NAMES, SPLIT_NAMES, is_junk, is_lost, place_of
from ferd.dataset.reading.store import open_store
from ferd.imaging.images import encode_png

LAYOUTS = (
    "images/{train,validation}/<class>/<file>, {train,test}/<class>/<file> or a fer2013.csv, "
    "in a zip or a folder"
)


def read_faces(path):
    """Reads every face of a data set, in an order that depends only on its content.

    Args:
        path: A zip, a folder, or a CSV in FER2013's format.

    Returns:
        Iterator of `(split, class, name, content)`: our names of split and class, the file's stem
        (for a CSV the row's number) and the image file's bytes (for a CSV a lossless PNG).

    Raises:
        ArchiveError: Before the first face if the layout, a class or the file is wrong; later for a
            file that is corrupt or that occurs twice with different content.
    """
    store = open_store(Path(path))
    table = _find_table(store, path)
    if table is not None:
        return _table_faces(store.read(table), f"{path}: {table}")
    return ((*key, content) for key, _, content in _images(store, path))


def read_lost(path):
    """Lists the files of a data set that look like faces and lie in no class folder.

    Args:
        path: As in `read_faces`.

    Returns:
        Sorted list of their paths in the data set; empty for a CSV.

    Raises:
        ArchiveError: As in `read_faces`.
    """
    store = open_store(Path(path))
    if _find_table(store, path) is not None:
        return []
    return [name for name in store.names if is_lost(name) and place_of(name, path) is None]


def read_members(path):
    """Reads the files that `read_faces` needs, for packing them into one zip.

    Args:
        path: As in `read_faces`.

    Returns:
        Iterator of `(name in the zip, bytes)`; equal images give an equal sequence wherever the
        split folders lie. Files of `read_lost` follow, without content.

    Raises:
        ArchiveError: As in `read_faces`, but without looking into the rows of a CSV.
    """
    store = open_store(Path(path))
    table = _find_table(store, path)
    if table is not None:
        return ((TABLE_NAME, store.read(name)) for name in [table])
    faces = (
        (f"{split}/{label}/{PurePosixPath(member).name}", content)
        for (split, label, _), member, content in _images(store, path)
    )
    return chain(faces, ((name, b"") for name in read_lost(path)))


def _find_table(store, path):
    """Name of the store's CSV, or None if it holds folders of images."""
    tables = [name for name in store.names if PurePosixPath(name).name.lower() == TABLE_NAME]
    tables = [name for name in tables if not is_junk(PurePosixPath(name).parts)]
    if len(tables) > 1:
        raise ArchiveError(f"{path}: holds {tables[0]} and {tables[1]}; keep one of them")
    if tables and any(place_of(name, path) for name in store.names):
        raise ArchiveError(f"{path}: holds both images and {tables[0]}; give one of the two alone")
    return tables[0] if tables else None


def _images(store, path):
    """Checks the layout, then returns an iterator of `((split, class, name), member, content)`."""
    members = {}
    for member in store.names:
        place = place_of(member, path)
        if place is not None:
            members.setdefault(place, []).append(member)
    if not members:
        raise ArchiveError(f"{path}: no faces found; it takes {LAYOUTS}")
    _check_classes({place[:2] for place in members}, store.folders, path)
    order = sorted(members, key=lambda place: (SPLITS.index(place[0]), *place[1:]))
    return ((place, *_read_once(store, members[place], path)) for place in order)


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
    try:
        rows = read_rows(content, name)
    except BadTable as error:
        raise ArchiveError(str(error)) from error
    _check_classes({row[:2] for row in rows}, [], name)
    # Encoded one at a time, on demand: all at once would double the memory.
    return ((*row[:3], encode_png(row[3], (SIDE, SIDE))) for row in rows)
