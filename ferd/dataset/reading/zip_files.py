"""Reads the files of a zip of unknown origin."""

import zipfile

from ferd.dataset.reading.errors import ArchiveError, refuse_huge


def open_zip(path):
    """Opens a zip; nothing is unpacked.

    Args:
        path: `pathlib.Path`.

    Returns:
        `(names, folders, read)`: sorted posix paths of the files, posix paths of the folders that
        have an entry, and a function of a name that returns the file's bytes.

    Raises:
        ArchiveError: For a zip that is corrupt or unsafe; on reading also for a file that is
            corrupt, encrypted or too large.
    """
    archive = _open(path)
    members = _members(archive, path)

    def read(name):
        refuse_huge(f"{path}: {name}", members[name].file_size)
        try:
            return archive.read(members[name])
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or an unknown compression
            raise ArchiveError(f"{path}: {error}; unpack it and give the folder") from error
        # Each compression has errors of its own, and a wrong header leads to further ones.
        except Exception as error:
            message = f"{path}: {name} is corrupt in the zip ({error}); download or copy it again"
            raise ArchiveError(message) from error

    # A damaged name may end as a folder's.
    folders = [name for name, info in members.items() if name.endswith("/") and not info.file_size]
    return sorted(set(members) - set(folders)), [name.rstrip("/") for name in folders], read


def _open(path):
    try:
        return zipfile.ZipFile(path)
    except NotImplementedError as error:
        raise ArchiveError(f"{path}: {error}; unpack it and give the folder") from error
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{path}: holds a name that is not UTF-8; pack it again") from error
    except Exception as error:
        raise ArchiveError(f"{path}: corrupt zip ({error}); download or copy it again") from error


def _members(archive, path):
    members = {}
    for info in archive.infolist():
        name = _safe_name(path, info)
        first = members.setdefault(name, info)
        if (first.CRC, first.file_size) != (info.CRC, info.file_size):
            raise ArchiveError(f"{path}: holds {name} twice with different content; drop one")
    if sum(info.compress_size for info in members.values()) > path.stat().st_size:
        raise ArchiveError(f"{path}: its files overlap, so that it is a zip bomb; do not use it")
    return members


def _safe_name(path, info):
    if "\0" in info.orig_filename:
        raise ArchiveError(f"{path}: holds a name with a NUL ({info.orig_filename}); do not use it")
    name = info.filename.replace("\\", "/")  # some Windows programs write their zips so
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        raise ArchiveError(f"{path}: holds a path outside itself ({name}); do not use this zip")
    return name
