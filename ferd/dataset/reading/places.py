"""Reads an image's split, class and name from its path in a data set."""

from itertools import pairwise
from pathlib import PurePosixPath

from ferd.classes import CLASSES
from ferd.dataset.reading.errors import ArchiveError

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
# What lies beside the images of a data set. Anything else may be one whose name is damaged.
OTHERS = (".txt", ".md", ".rst", ".csv", ".tsv", ".json", ".xml", ".html", ".yaml", ".yml", ".pdf")
OTHERS += (".py", ".ipynb", ".npy", ".npz", ".mat", ".pkl", ".zip", ".gz", "license", "readme")
JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def place_of(member, path):
    """The place of a file that is a face.

    Args:
        member: Its path in the data set.
        path: The data set, for the messages.

    Returns:
        `(split, class, name)`, or None if it does not lie in `<split>/<class>/`.

    Raises:
        ArchiveError: If it lies in an unknown class, or below its class folder.
    """
    parts = PurePosixPath(member).parts
    if len(parts) < 3 or is_junk(parts):
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
    if deep and _is_image(parts[-1]):
        raise ArchiveError(f"{path}: {member} lies below its class folder; move it up into it")
    return None


def is_junk(parts):
    """Whether a path is one of those that systems leave behind: hidden ones and the like."""
    return any(part.lower() in JUNK or part.startswith(".") for part in parts)


def is_lost(member):
    """Whether a file without a place looks as if it should have one."""
    *folders, name = PurePosixPath(member).parts
    if any(part.lower() in JUNK for part in (*folders, name)) or name.startswith("._"):
        return False
    if any(folder.lower() in CLASS_NAMES for folder in folders):
        # A damaged letter makes a face a hidden file, or splits its name into two folders.
        return _is_image(name) or not name.startswith(".")
    if not member.isprintable():
        return True
    if any(folder.startswith(".") for folder in folders):
        return _is_image(name) and _hides_class(folders)
    return _is_image(name) or not (name.startswith(".") or name.lower().endswith(OTHERS))


def _hides_class(folders):
    """Whether a folder is a class with a damaged first letter, as `.ngry`."""
    endings = {f".{name[1:]}" for name in CLASS_NAMES}
    return any(folder.lower() in endings for folder in folders)


def _is_image(name):
    return name.lower().endswith(tuple(IMAGE_ENDINGS))
