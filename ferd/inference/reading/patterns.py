"""Finds the files of a pattern such as `albums/**/*.jpg`."""

import glob
import os
import re

SEPARATORS = re.escape(os.sep + (os.altsep or ""))
RECURSIVE = re.compile(rf"(?:^|(?<=[{SEPARATORS}]))\*\*(?:[{SEPARATORS}]|$)")
HERE = os.path.join(os.curdir, "")


def matches(pattern: str) -> set[str]:
    """Finds the files and folders of a pattern.

    Args:
        pattern: As for `glob.glob`; `**` stands for any number of folders. It follows no links to
            folders, which may lead in circles, and enters no hidden folders.

    Returns:
        Set of paths.
    """
    before, *after = RECURSIVE.split(pattern, maxsplit=1)
    if not after:
        return set(glob.glob(pattern))
    found: set[str] = set()
    for top in glob.glob(before) if before else [HERE]:
        for folder, folders, _ in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = folder if before else folder[len(HERE) :]
            found |= matches(os.path.join(glob.escape(inside), after[0] or "*"))
    return found
