"""Small data sets in the layouts that ferd.dataset.reading.archive takes."""

import zipfile

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.dataset.reading.archive import ArchiveError, read_faces


def files(train="train", test="test", classes=CLASSES, prefix=""):
    """A small data set as dict of path to bytes; archive.py never decodes an image."""
    return {
        f"{prefix}{folder}/{label}/{number}.jpg": f"{split} {CLASSES[index]} {number}".encode()
        for split, folder in (("train", train), ("test", test))
        for index, label in enumerate(classes)
        for number in (10, 9)
    }


def write_folder(folder, content):
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def write_zip(path, content):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def table(rows=None, header="emotion,pixels,Usage"):
    """A CSV in FER2013's form; by default one row for each class and usage."""
    if rows is None:
        usages = ("Training", "PublicTest", "PrivateTest")
        rows = [(emotion, pixels(emotion), usage) for emotion in range(7) for usage in usages]
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode() + b"\n"


def pixels(seed):
    return " ".join(map(str, np.random.default_rng(seed).integers(0, 256, 2304)))


def refused(path, words):
    """Checks that reading ends in one line with these words."""
    with pytest.raises(ArchiveError, match=words) as caught:
        list(read_faces(path))
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
