"""Reads the files of a folder, a zip or a CSV through one interface, and refuses unsafe ones."""

import os
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from ferd.dataset.reading.fer2013_csv import TABLE_NAME

MAX_FILE_BYTES = 1 << 30  # fer2013.csv, the largest honest one, has 0.3e9


class ArchiveError(SystemExit):
    """Data that cannot be used. As a SystemExit it ends a stage with its message and status 1."""


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
            paths outside the zip, an unreadable folder; on reading also for a file too large.
    """
    if path.is_dir():
        return _folder_store(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: no such file or folder; give a zip, a folder or a fer2013.csv")
    if path.suffix.lower() == ".csv":
        return Store([TABLE_NAME], [], lambda name: _read_file(path))
    if path.suffix.lower() != ".zip" and not zipfile.is_zipfile(path):
        raise ArchiveError(f"{path}: is no zip, folder or .csv; unpack it and give the folder")
    return _zip_store(path)


def _folder_store(path):
    names, folders = [], []
    # onerror: by default os.walk silently skips every folder that it may not open.
    for folder, _, files in os.walk(path, onerror=_refuse_unreadable, followlinks=True):
        below = Path(folder).relative_to(path)
        folders.append(below.as_posix())
        names += [(below / file).as_posix() for file in files if os.path.isfile(f"{folder}/{file}")]
    return Store(sorted(names), folders, lambda name: _read_file(path / name))


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
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or an unknown compression
            raise ArchiveError(f"{path}: {error}; unpack it and give the folder") from error

    files = sorted(name for name in members if not name.endswith("/"))
    return Store(files, [name.rstrip("/") for name in members if name.endswith("/")], read)


def _safe_name(path, name):
    name = name.replace("\\", "/")  # some Windows programs write their zips with backslashes
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        raise ArchiveError(f"{path}: holds a path outside itself ({name}); do not use this zip")
    return name


def _refuse_huge(name, size):
    if size > MAX_FILE_BYTES:
        raise ArchiveError(f"{name}: has {size:,} bytes, too many for an image or a table; drop it")
