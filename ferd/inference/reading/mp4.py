"""Reads what OpenCV does not tell of an MP4 or QuickTime file.

That is its length, whether its picture is mirrored, and whether its frames lie in another file.

Reference:
    - ISO/IEC 14496-12, ISO base media file format, 8.2.2: movie header box; 8.3.2: track header
      box; 8.7.2: data reference box
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

MOST_BOXES = 1000  # of one level; a usual file has fewer than ten
MOST_REFERENCES = 1 << 16  # bytes; a usual file has 28
HERE = 1  # the flag of a reference to the file itself

Place = tuple[int, int]  # start and end of a box's content


def shown_seconds(path: str) -> float | None:
    """Reads the length of a movie, of which phones and editors may have cut off both ends.

    The frames that are cut off stay in the file, and OpenCV counts them.

    Args:
        path: A file of any kind.

    Returns:
        Seconds; None if the file does not say it, or cannot be read.
    """
    (content, *_) = [*_headers(path, (b"moov", b"mvhd"), 32), b""]
    # Version 1 has times of 8 bytes.
    layout, start = (">IQ", 20) if content[:1] == b"\1" else (">II", 12)
    if len(content) < start + struct.calcsize(layout):
        return None
    scale, duration = struct.unpack_from(layout, content, start)
    return duration / scale if scale and duration else None


def is_mirrored(path: str) -> bool:
    """Whether a movie says that its picture is to be mirrored, as of some cameras at the front.

    Args:
        path: A file of any kind.
    """
    for content in _headers(path, (b"moov", b"trak", b"tkhd"), 96):
        start = 52 if content[:1] == b"\1" else 40
        if len(content) < start + 44:
            continue
        first, second, _, third, fourth, *_, width, _ = struct.unpack_from(">9i2I", content, start)
        if width:  # sound has none
            return bool(first * fourth < second * third)
    return False


def names_others(path: str) -> bool:
    """Whether a movie says that its frames or its sound lie in other files.

    Args:
        path: A file of any kind.
    """
    kinds = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref")
    return any(map(_names_others, _headers(path, kinds, MOST_REFERENCES)))


def _names_others(content: bytes) -> bool:
    """Whether the content of a data reference box has an entry with the name of another file."""
    place = 8  # after the version and the number of entries
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        is_here = content[place + 11] & HERE
        if not is_here and content[place + 12 : place + size].strip(b"\0"):
            return True
        place += max(size, 12)
    return False


def _headers(path: str, kinds: tuple[bytes, ...], size: int) -> list[bytes]:
    """The first bytes of each box that lies in these boxes; none if the file cannot be read."""
    try:
        with open(path, "rb") as file:
            places = [(0, os.fstat(file.fileno()).st_size)]
            for kind in kinds:
                places = [inner for place in places for inner in _boxes(file, kind, place)]
            return [_start(file, place, size) for place in places]
    except OSError:  # OpenCV will not read it either, and there is a line about that
        return []


def _start(file: BinaryIO, place: Place, size: int) -> bytes:
    file.seek(place[0])
    return file.read(min(size, place[1] - place[0]))


def _boxes(file: BinaryIO, kind: bytes, place: Place) -> Iterator[Place]:
    """The boxes of a kind between two places."""
    start, end = place
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        if start >= end or len(head) < 8:
            return
        size, length = int.from_bytes(head[:4], "big"), 8
        if size == 1:  # a size of 8 bytes follows
            size, length = int.from_bytes(head[8:], "big"), 16
        if size == 0:  # up to the end
            size = end - start
        if size < length:
            return
        if head[4:8] == kind:
            yield start + length, min(start + size, end)
        start += size
