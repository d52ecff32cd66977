"""Reads the files of a folder, a zip or a CSV through one interface, and refuses unsafe ones."""

import os
import zipfile
from pathlib import Path
from typing import NamedTuple

from ferd.dataset.reading.errors import ArchiveError, refuse_huge
from ferd.dataset.reading.fer2013_csv import TABLE_NAME
from ferd.dataset.reading.zip_files import open_zip


class Store(NamedTuple):
    """A source of files.

    Args:
        names: Posix path of every file inside, sorted.
        folders: Posix paths of the folders that are known without a file in them.
        read: Function of a name that returns the file's bytes.
    """

    names: list
    folders: list
    read: object


def open_store(path):
    """Opens a folder, a zip or a single CSV for reading; nothing is unpacked.

    Args:
        path: `pathlib.Path`.

    Returns:
        `Store`.

    Raises:
        ArchiveError: For a path that is missing or is none of these, a corrupt or encrypted zip,
            unsafe names, an unreadable folder, links in a circle, a pipe or device; on reading also
            for a file too large.
    """
    if path.is_dir():
        return _folder_store(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: no such file or folder; give a zip, a folder or a fer2013.csv")
    if path.suffix.lower() == ".csv":
        return Store([TABLE_NAME], [], lambda name: _read_file(path))
    if path.suffix.lower() != ".zip" and not zipfile.is_zipfile(path):
        raise ArchiveError(f"{path}: is no zip, folder or .csv; unpack it and give the folder")
    return Store(*open_zip(path))


def _folder_store(path):
    names, folders = [], []
    # onerror: by default os.walk silently skips every folder that it may not open.
    for folder, inner, files in os.walk(path, onerror=_refuse_unreadable, followlinks=True):
        below = Path(folder).relative_to(path)
        for name in inner:
            _refuse_circle(Path(folder, name))
        folders.append(_utf8(path, below.as_posix()))
        for name in files:
            _refuse_special(Path(folder, name))
        names += [_utf8(path, (below / name).as_posix()) for name in files]
    return Store(sorted(names), folders, lambda name: _read_file(path / name))


def _refuse_circle(folder):
    real = folder.resolve()
    if folder.is_symlink() and any(parent.resolve() == real for parent in folder.parents):
        raise ArchiveError(f"{folder}: is a link to a folder that it lies in; remove it")


def _refuse_special(file):
    if not file.is_file() and not file.name.startswith("."):
        raise ArchiveError(f"{file}: is no file (a pipe, a device or a broken link); remove it")


def _utf8(path, name):
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise ArchiveError(f"{path}: the name {name} is not UTF-8; rename it") from error
    return name


def _read_file(path):
    try:
        refuse_huge(path, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        _refuse_unreadable(error)


def _refuse_unreadable(error):
    raise ArchiveError(f"{error.filename}: cannot be read ({error.strerror})") from error
