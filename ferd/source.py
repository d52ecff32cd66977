"""Brings the data, whatever form it has, to data/source.zip.

DVC sees only that path, so that dvc.lock holds the data's own md5 and never a machine's paths.

Run: `python -m ferd.source [DATA]`, which `make study DATA=...` does; seconds on 61 MB. Without
DATA an existing data/source.zip is kept; where there is none it is downloaded from Kaggle.
"""

import argparse
import filecmp
import os
import shutil
import zipfile
from pathlib import Path

from ferd.archive import ArchiveError, read_members

TARGET = Path("data/source.zip")
KAGGLE_NAME = "jonathanoheix/face-expression-recognition-dataset"
# Fixed, with the permissions: a zip's bytes, and so its md5, hold them for every file.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
FIXED_PERMISSIONS = 0o644 << 16
WAYS = (
    "Give the data in one of these ways: make study DATA=<zip> (holding "
    "images/{train,validation}/<class>/); make study DATA=<folder> of the same layout; "
    "make study DATA=<fer2013.csv>; make study with a network and a Kaggle account "
    f"(kaggle.com/datasets/{KAGGLE_NAME}); or make demo, which needs no data."
)


def bring(data, target=TARGET):
    """Puts a data set at `target`, as it is if it is a zip, otherwise packed into one.

    Args:
        data: A zip, a folder or a fer2013.csv.
        target: The zip to write. It is replaced only by a whole file with other content.

    Returns:
        Whether `target` changed.

    Raises:
        ArchiveError: If the data cannot be used; `target` is then as it was.
    """
    data, target = Path(data), Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    try:
        if data.is_file() and data.suffix.lower() != ".csv":
            read_members(data)  # only for its check of the layout, before anything is copied
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
        The folder it lies in, in kagglehub's cache.

    Raises:
        SystemExit: If that fails for any reason, with every other way to give the data.
    """
    print(f"no DATA given and no {TARGET}: downloading {KAGGLE_NAME} from Kaggle", flush=True)
    try:
        import kagglehub

        return Path(kagglehub.dataset_download(KAGGLE_NAME))
    # Whatever went wrong (no network, no account, refused), the ways out are the same.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        message = f"Kaggle's copy cannot be had ({type(error).__name__}: {reason}). {WAYS}"
        raise SystemExit(message) from error


def main(arguments=None):
    """Brings the data named on the command line to data/source.zip."""
    parser = argparse.ArgumentParser(
        prog="python -m ferd.source", description=__doc__.split("\n")[0]
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
