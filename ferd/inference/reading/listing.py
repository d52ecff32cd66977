"""Lists the photos, videos and cameras that are named, and the files of folders and patterns.

The names of one folder are in memory at a time, and no file is opened or examined, so that a tree
of millions of files can be listed while the first ones are read.
"""

import glob
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ferd.inference.reading.frames import Problem
from ferd.inference.reading.patterns import matches
from ferd.inference.reading.sidecars import kind_of

Sources = Iterator[str | Problem]


def list_sources(
    names: Iterable[str | os.PathLike[str]],
    skip: Iterable[str | os.PathLike[str]] = (),
    passed: Counter[str] | None = None,
) -> Sources:
    """Lists all sources in their order.

    Args:
        names: As in `ferd.inference.reading.media.read_media`.
        skip: As in `ferd.inference.reading.media.read_media`.
        passed: As in `ferd.inference.reading.media.read_media`.

    Yields:
        Paths of files, `camera:<number>` or `-`; a `Problem` for a name or folder without files.
    """
    left_out = frozenset(os.path.realpath(path) for path in skip)
    passed = Counter() if passed is None else passed
    for name in names:
        yield from _list_one(os.fspath(name), left_out, passed)


def is_stream(name: str) -> bool:
    """Whether a name is standard input or a camera, and no file."""
    return name == "-" or name.startswith("camera:")


def _list_one(name: str, skip: Collection[str], passed: Counter[str]) -> Sources:
    if is_stream(name):
        yield name
    elif os.path.isdir(name):
        yield from _folder(name, skip, passed)
    elif os.path.lexists(name):
        yield name
    elif "://" in name:
        yield Problem(name, "is an address, and these are not read: give the path of a file")
    elif glob.has_magic(name):
        yield from _pattern(name, skip, passed)
    else:
        yield Problem(name, "there is no such file or folder")


def _folder(folder: str, skip: Collection[str], passed: Counter[str]) -> Sources:
    has_files = has_media = False
    problems: list[OSError] = []
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        files, folders = _entries(parent, skip, problems)
        for name in files:
            has_files = True
            if kind := kind_of(name):
                passed[kind] += 1
            else:
                has_media = True
                yield os.path.join(parent, name)
        waiting += [os.path.join(parent, name) for name in reversed(folders)]
    for error in problems:
        yield Problem(error.filename, f"the folder cannot be read ({error.strerror})")
    if not has_media and not problems:
        yield Problem(folder, f"the folder holds no {'photos or videos' if has_files else 'files'}")


def _entries(
    parent: str, skip: Collection[str], problems: list[OSError]
) -> tuple[list[str], list[str]]:
    """Names of a folder's files and of its subfolders, both sorted; links to folders are neither.

    If the folder cannot be read both are empty, and the error is added to `problems`.
    """
    files: list[str] = []
    folders: list[str] = []
    real = os.path.realpath(parent) if skip else ""
    try:
        with os.scandir(parent) as entries:
            for entry in entries:
                if entry.name.startswith(".") or (skip and _real(entry, real) in skip):
                    continue
                if not _is_folder(entry):
                    files.append(entry.name)
                elif not entry.is_symlink():
                    folders.append(entry.name)
    except OSError as error:
        problems.append(error)
        return [], []
    return sorted(files), sorted(folders)


def _real(entry: "os.DirEntry[str]", parent: str) -> str:
    """The path of an entry without links, as `os.path.realpath`, which asks for each folder."""
    return os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(parent, entry.name)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, or nowhere that may be looked at
        return False


def _is_left_out(path: str, skip: Collection[str]) -> bool:
    real = Path(os.path.realpath(path))
    return any(str(one) in skip for one in (real, *real.parents))


def _pattern(pattern: str, skip: Collection[str], passed: Counter[str]) -> Sources:
    found = sorted(matches(pattern))
    if "**" in pattern:
        found = [path for path in found if not os.path.isdir(path)]  # its files are found as well
    found = [path for path in found if not _is_left_out(path, skip)]
    is_for_them = kind_of(os.path.basename(pattern))  # as `*.json`
    has_media = False
    for path in found:
        kind = None if is_for_them else kind_of(os.path.basename(path))
        if kind and not os.path.isdir(path):
            passed[kind] += 1
        else:
            has_media = True
            yield from _list_one(path, skip, passed)
    if not has_media:
        yield Problem(pattern, f"no {'photo or video' if found else 'file'} matches the pattern")
