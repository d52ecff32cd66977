"""Damaged and hostile zips of faces, drawn from a seed."""

import io
import random
import struct
import zipfile

from ferd.classes import CLASSES
from tests.fuzz.mutations import GRAY, damaged
from tests.helpers.broken_files import packed

FACES = 28
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
WAYS = ("cut", "flip", "flip", "flip", "run", "number", "tail", "name", "name", "field", "field")
# Fields of the headers: their places in a local and in a central one, and their sizes.
FIELDS = ((4, 6, 2), (6, 8, 2), (8, 10, 2), (18, 20, 4), (22, 24, 4), (26, 28, 2))


def archives(seed, count):
    """Yields `(name, bytes)` of damaged zips of 28 faces, in turn of each compression."""
    generator = random.Random(seed)
    bases = [zip_of(faces(), method) for method in (0, 8, 12, 14)]
    for number in range(count):
        whole = bases[number % len(bases)]
        yield f"{number}.zip", _changed(generator, whole, generator.choice(WAYS))


def faces():
    """Dict of path to image of a small data set."""
    paths = [
        f"{split}/{label}/{number}.jpg"
        for split in ("train", "test")
        for label in CLASSES
        for number in (1, 2)
    ]
    # No two are equal: a name that becomes another one's is then an error.
    return {path: packed(GRAY[:24, :24] // 2 + 3 * number) for number, path in enumerate(paths)}


def zip_of(files, method=zipfile.ZIP_STORED):
    """A zip's bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def _changed(generator, whole, way):
    if way == "cut":
        return whole[: generator.randrange(len(whole))]
    if way == "tail":  # the directory, which is at the end
        at = whole.index(CENTRAL)
        return whole[:at] + damaged(generator, whole[at:], "flip")
    if way == "name":
        return _renamed(generator, whole)
    if way == "field":
        return _with_field(generator, whole)
    return damaged(generator, whole, way)


def _renamed(generator, whole):
    """One face with another letter in its name, in both of its headers."""
    old = generator.choice(list(faces())).encode()
    new = bytearray(old)
    letter = generator.choice((*b"/\\.\x00\x1b\xff \xc3A", generator.randrange(256)))
    new[generator.randrange(len(new))] = letter
    return whole.replace(old, bytes(new))


def _with_field(generator, whole):
    """One face with another version, flags, compression, size or length of its name."""
    content = bytearray(whole)
    local, central, size = generator.choice(FIELDS)
    value = generator.choice((0, 1, 9, 63, 99, 2**16 - 1, 2**30, 2**32 - 1)) & ((1 << 8 * size) - 1)
    number = generator.randrange(FACES)
    for mark, place in ((LOCAL, local), (CENTRAL, central)):
        at = -1
        for _ in range(number + 1):
            at = whole.index(mark, at + 1)
        struct.pack_into("<H" if size == 2 else "<I", content, at + place, value)
    return bytes(content)
