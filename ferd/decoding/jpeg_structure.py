"""Checks the segments of a JPEG file before it is decoded.

Decoders disagree on bytes between segments and on repeated headers. A file can then pass a check of
its size by one reading and be decoded by the other, so that such files are refused.
"""

import re
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from ferd.imaging.images import BadImage

START_OF_SCAN, END_OF_IMAGE, RESTART_INTERVAL = 0xDA, 0xD9, 0xDD
# The start-of-frame markers; C4, C8 and CC between them are other things.
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SEQUENTIAL = frozenset({0xC0, 0xC1})  # with Huffman codes
ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})  # markers that no segment begins with
# Image data ends at a marker; 0xFF00 is a byte of data, and D0 to D7 are restarts within it.
SCAN_END = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
RESTART = re.compile(rb"\xff+([\xd0-\xd7])")
COEFFICIENTS = 64  # of a block
MAX_SCANS = 100  # a progressive photo has about 10; each costs a pass over all pixels


class Frame(NamedTuple):
    """The start-of-frame header: its marker, the size and each component's sampling factors."""

    marker: int
    width: int
    height: int
    sampling: dict[int, tuple[int, int]]


class Jpeg(NamedTuple):
    """A JPEG file's structure.

    Args:
        width: In pixels.
        height: In pixels.
        scans: Where the image data of each scan starts and ends.
        is_plain: Whether there is a single sequential scan without restarts.
        is_cut: Whether the end marker is missing; the last scan then ends with the file.
        is_complete: Whether every coefficient of every component has a scan, the last included.
    """

    width: int
    height: int
    scans: tuple[tuple[int, int], ...]
    is_plain: bool
    is_cut: bool = False
    is_complete: bool = True


def check_jpeg(content: bytes, may_be_cut: bool = False) -> Jpeg:
    """Walks through the segments of a JPEG file up to its end marker.

    Args:
        content: The file's bytes.
        may_be_cut: Whether the file may end within a scan, or before the end marker.

    Returns:
        A `Jpeg`.

    Raises:
        BadImage: If a segment is damaged or missing, or the file has too many scans; the message is
            the reason without the file's name.
    """
    frame, interval, scans, is_cut = None, 0, [], True
    covered: set[tuple[int, int]] = set()
    for marker, start, end in _segments(content, may_be_cut):
        segment = content[start:end]
        if marker in START_OF_FRAME:
            if frame is not None:
                raise BadImage("is damaged (it has two frame headers)")
            frame = _frame(marker, segment)
        elif marker == RESTART_INTERVAL:
            interval = int.from_bytes(segment[:2], "big")
        elif marker == START_OF_SCAN:
            if frame is None:
                raise BadImage("is damaged (its image data has no frame header)")
            scans.append((end, _scan_end(content, end, may_be_cut)))
            if len(scans) > MAX_SCANS:
                raise BadImage(f"has more than {MAX_SCANS} scans, which no photo needs")
            _check_scan(content, scans[-1], frame, segment, interval)
            covered |= _coefficients(frame, segment)
        elif marker == END_OF_IMAGE:
            is_cut = False
    if frame is None or not scans:
        raise BadImage("is damaged (it has no image data)")
    is_plain = len(scans) == 1 and frame.marker in SEQUENTIAL and not interval
    is_complete = len(covered) == COEFFICIENTS * len(frame.sampling)
    return Jpeg(frame.width, frame.height, tuple(scans), is_plain, is_cut, is_complete)


def _segments(content: bytes, may_be_cut: bool) -> Iterator[tuple[int, int, int]]:
    """Yields each segment's marker and where its content starts and ends, the end marker last."""
    position, may_end = 2, False
    while True:
        if position + 2 > len(content):
            if may_end:
                return
            raise BadImage("is cut off (its end marker is missing)")
        if content[position] != 0xFF:
            raise BadImage("is damaged (there are bytes between its segments)")
        while position < len(content) - 1 and content[position] == 0xFF:
            position += 1
        marker = content[position]
        if marker == END_OF_IMAGE:
            yield marker, position, position
            return
        if marker in ALONE or marker == 0xFF:
            raise BadImage(f"is damaged (marker {marker:02X} is out of place)")
        start = position + 3
        end = position + 1 + int.from_bytes(content[position + 1 : start], "big")
        if end < start or end > len(content):
            if may_end:
                return
            raise BadImage("is cut off or damaged (a segment does not fit in)")
        yield marker, start, end
        if marker == START_OF_SCAN:
            may_end = may_be_cut
        position = _scan_end(content, end, may_be_cut) if marker == START_OF_SCAN else end


def _scan_end(content: bytes, start: int, may_be_cut: bool) -> int:
    found = SCAN_END.search(content, start)
    if found is None:
        if may_be_cut:
            return len(content)
        raise BadImage("is cut off (its image data does not end)")
    return found.start()


def _frame(marker: int, segment: bytes) -> Frame:
    count = segment[5] if len(segment) > 5 else 0
    if not 1 <= count <= 4 or len(segment) != 6 + 3 * count:
        raise BadImage("is damaged (its frame header has another length)")
    height, width = (int.from_bytes(segment[at : at + 2], "big") for at in (1, 3))
    parts = [segment[at : at + 3] for at in range(6, len(segment), 3)]
    sampling = {part[0]: (part[1] >> 4, part[1] & 15) for part in parts}
    if not (width and height) or not all(min(pair) for pair in sampling.values()):
        raise BadImage("is damaged (its frame header gives no size)")
    return Frame(marker, width, height, sampling)


def _coefficients(frame: Frame, header: bytes) -> set[tuple[int, int]]:
    """Components, each with the number of a coefficient, of which a scan has the first bits."""
    names = header[1 : 1 + 2 * header[0] : 2]
    first, last = 0, COEFFICIENTS - 1
    if frame.marker not in SEQUENTIAL:
        first, last = header[-3], min(header[-2], last)
    numbers = range(first, last + 1)
    return {(name, number) for name in names for number in numbers}


def _check_scan(
    content: bytes, place: tuple[int, int], frame: Frame, header: bytes, interval: int
) -> None:
    """Compares a scan's length and restarts with the number of its blocks."""
    data = content[slice(*place)]
    names = header[1 : 1 + 2 * header[0] : 2] if header else b""
    if not names or any(name not in frame.sampling for name in names):
        raise BadImage("is damaged (a scan names no component of the picture)")
    units, blocks = _units(frame, names)
    # Each block has a code of a bit or more for its first coefficient and, if sequential, another.
    if frame.marker in SEQUENTIAL and 4 * len(data) < blocks:
        raise BadImage("is cut off or damaged (it has too little image data for its size)")
    restarts = [marker[0] - 0xD0 for marker in RESTART.findall(data)]
    wanted = ceil(units / interval) - 1 if interval else 0
    # Some encoders write a last one at the very end.
    is_counted = len(restarts) - wanted in ((0, 1) if interval else (0,))
    if place[1] == len(content):  # the file is cut off here
        is_counted = len(restarts) <= wanted
    if not is_counted or any(found != n % 8 for n, found in enumerate(restarts)):
        raise BadImage("is damaged (restart markers are missing or out of order)")


def _units(frame: Frame, names: bytes) -> tuple[int, int]:
    """Number of a scan's units (which restarts count) and of its 8x8 blocks."""
    widest, highest = (max(pair[axis] for pair in frame.sampling.values()) for axis in (0, 1))
    if len(names) == 1:
        across, down = frame.sampling[names[0]]
        columns = ceil(ceil(frame.width * across / widest) / 8)
        rows = ceil(ceil(frame.height * down / highest) / 8)
        return columns * rows, columns * rows
    units = ceil(frame.width / (8 * widest)) * ceil(frame.height / (8 * highest))
    per_unit = sum(across * down for across, down in (frame.sampling[name] for name in names))
    return units, units * per_unit
