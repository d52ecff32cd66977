"""Names the files that must not be committed: pieces of the data set, and anything large.

The images belong to their owners and are DVC's, never git's.

Usage: python .ci/refused_files.py FILE ...    (.pre-commit-config.yaml; paths from the top folder)
"""

import os
import sys
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

IN_DATA = (
    *("data/.gitkeep", "data/ferplus.csv", "data/ferplus.LICENSE.md"),
    "data/source.zip.dvc",
)
LARGEST = 500_000  # bytes
# What is large and belongs here: the package's networks, a row per test face, a row per image.
# `*` matches slashes.
LARGE = (
    *("ferd/models/*.onnx", "plots/*/predictions.csv"),
    *("data/ferplus.csv", "plots/audit/images.csv"),
)
PICTURES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
DRAWN = ("docs/picture.png", "plots/png/*.png")  # faces that the project draws, and curves


def reason(path, size):
    """Says why a file is refused.

    Args:
        path: Its path from the top folder, with slashes.
        size: Its bytes.

    Returns:
        A line, or None if the file may be committed.
    """
    if path.startswith("data/") and path not in IN_DATA:
        return f"{path}: data/ is DVC's; git has only {', '.join(IN_DATA)} of it"
    if PurePosixPath(path).suffix.lower() in PICTURES and not _is_one_of(path, DRAWN):
        return f"{path}: is a picture; pictures of faces stay out of git"
    if size > LARGEST and not _is_one_of(path, LARGE):
        return f"{path}: has {size:,} bytes, more than {LARGEST:,}"
    return None


def _is_one_of(path, patterns):
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def main(paths):
    """Prints a line for each refused file; the exit status is 1 if there is one."""
    found = [reason(path, os.path.getsize(path)) for path in paths]
    print(*filter(None, found), sep="\n", end="\n" if any(found) else "")
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
