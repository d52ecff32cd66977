"""Copies or downloads the data to data/source.zip.

DVC reads only that path, so dvc.lock contains the md5 of the data and no paths of a machine.

Run: `python -m ferd.dataset.reading.source [DATA]`, which `make study DATA=...` does; seconds on
61 MB. Without DATA an existing data/source.zip is kept; where there is none it is downloaded from
Kaggle.
"""

import argparse
import filecmp
import os
import shutil
import zipfile
from pathlib import Path

from ferd.dataset.reading.archive import ArchiveError, read_members

TARGET = Path("data/source.zip")
KAGGLE_NAME = "jonathanoheix/face-expression-recognition-dataset"
# Fixed like the permissions, because a zip contains both for every file.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
FIXED_PERMISSIONS = 0o644 << 16
WAYS = (
    "Give the data in one of these ways: make study DATA=<zip> (holding "
    "images/{train,validation}/<class>/); make study DATA=<folder> of the same layout; "
    "make study DATA=<fer2013.csv>; make study with a network and a Kaggle account "
    f"(kaggle.com/datasets/{KAGGLE_NAME}); or make demo, which needs no data."
)


def bring(data, target=TARGET):
    """Copies a data set to `target`; a folder or CSV is packed into a zip.

    Args:
        data: A zip, a folder or a fer2013.csv.
        target: The zip to write. It is replaced only by a complete file with other content.

    Returns:
        Whether `target` changed.

    Raises:
        ArchiveError: If the data cannot be used; `target` then stays unchanged.
    """
    data, target = Path(data), Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    try:
        if data.is_file() and data.suffix.lower() != ".csv":
            read_members(data)  # called only to check the layout before anything is copied
            shutil.copyfile(data, partial)
        else:
            _pack(read_members(data), partial)
        if target.is_file() and filecmp.cmp(partial, target, shallow=False):
            return False
        os.replace(partial, target)
        return True
    finally:
        partial.unlink(missing_ok=True)


def download():
    """Downloads the data from Kaggle.

    Returns:
        Its folder in kagglehub's cache.

    Raises:
        SystemExit: If that fails for any reason; the message has the other ways to give the data.
    """
    print(f"no DATA given and no {TARGET}: downloading {KAGGLE_NAME} from Kaggle", flush=True)
    try:
        import kagglehub

        return Path(kagglehub.dataset_download(KAGGLE_NAME))
    # The advice is the same for every error (no network, no account, refused).
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        message = f"Kaggle's copy cannot be had ({type(error).__name__}: {reason}). {WAYS}"
        raise SystemExit(message) from error


def main(arguments=None):
    """Copies or downloads the data of the command line to data/source.zip."""
    parser = argparse.ArgumentParser(
        prog="python -m ferd.dataset.reading.source", description=__doc__.split("\n")[0]
    )
    parser.add_argument("data", nargs="?", default="", metavar="DATA", help="zip, folder or CSV")
    data = parser.parse_args(arguments).data
    if not data and TARGET.is_file():
        print(f"{TARGET}: kept as it is (no DATA given)")
        return
    data = data or download()
    try:
        changed = bring(data)
    except OSError as error:
        raise ArchiveError(f"{TARGET}: could not be made: {error}") from error
    print(f"{TARGET}: {'written from' if changed else 'already the same as'} {data}")


def _pack(members, partial):
    # Stored, not deflated: JPEGs do not shrink, and zlib's output differs between its versions.
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.external_attr = FIXED_PERMISSIONS
            archive.writestr(info, content)


if __name__ == "__main__":
    main()
