"""Changes the bytes of videos as phones, damaged drives and strangers write them."""

import struct

TURNS = {
    90: (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30),
    180: (-65536, 0, 0, 0, -65536, 0, 0, 0, 1 << 30),
    270: (0, -65536, 0, 65536, 0, 0, 0, 0, 1 << 30),
    "mirrored": (-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30),
}
TO_MATRIX = 44  # bytes from the name of the box tkhd to its matrix


def turned(path, degrees):
    """Has an MP4 of one track be turned clockwise or mirrored when it is shown: a phone's mark."""
    content = path.read_bytes()
    start = content.index(b"tkhd") + TO_MATRIX
    matrix = struct.pack(">9i", *TURNS[degrees])
    path.write_bytes(content[:start] + matrix + content[start + len(matrix) :])
    return path


def zeroed(path, copy, part):
    """Writes a copy of a file with so large a part of it, from a third on, overwritten by zeros."""
    content = path.read_bytes()
    start, size = len(content) // 3, int(part * len(content))
    copy.write_bytes(content[:start] + bytes(size) + content[start + size :])
    return copy


def shortened(path, seconds):
    """Cuts off the end of an MP4 as a phone's editor does: all frames stay in the file."""
    content = path.read_bytes()
    header = content.index(b"mvhd") + 16  # the version, two times, then the units of a second
    (scale,) = struct.unpack_from(">I", content, header)
    duration = struct.pack(">I", round(seconds * scale))
    edit = content.index(b"elst") + 12  # the version and the number of edits
    for place in (header + 4, edit):
        content = content[:place] + duration + content[place + 4 :]
    path.write_bytes(content)
    return path


def at_times(path, milliseconds):
    """Gives the frames of a Matroska file of 25 frames per second and one track other times."""
    content, place = path.read_bytes(), 0
    for number, time in enumerate(milliseconds):
        # A block begins with the number of its track, 1, and its time.
        place = content.index(struct.pack(">Bh", 0x81, 40 * number), place)
        content = content[: place + 1] + struct.pack(">h", time) + content[place + 3 :]
        place += 3
    path.write_bytes(content)
    return path
