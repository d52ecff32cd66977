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


def boxed(kind, content):
    """A box of an MP4 file."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def referring(path, entry):
    """Has the frames of an MP4 of one track lie where a data reference says, by its box."""
    content = path.read_bytes()
    start = content.index(b"dref") - 4
    (size,) = struct.unpack_from(">I", content, start)
    new = boxed(b"dref", struct.pack(">II", 0, 1) + entry)
    changed = bytearray(content[:start] + new + content[start + size :])
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        place = content.index(kind) - 4
        (before,) = struct.unpack_from(">I", content, place)
        struct.pack_into(">I", changed, place, before + len(new) - size)
    path.write_bytes(changed)
    return path


def alias(name):
    """A reference of QuickTime to a file in the same folder."""

    def record(kind, text):
        return struct.pack(">HH", kind, len(text)) + text + bytes(len(text) % 2)

    text = bytes([3]) + b"vol".ljust(27, b"\0") + bytes(12)
    text += bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16)
    text += struct.pack(">HH", 0, 1) + bytes(16)
    records = record(2, b"vol:" + name) + record(18, b"/" + name) + record(0xFFFF, b"")
    return boxed(b"alis", bytes(14) + text + records)


def continued(path, name):
    """Has a Matroska file say that another one continues it, in place of its writer's name."""
    content = path.read_bytes()
    start = content.index(b"\x57\x41")  # WritingApp
    size = content[start + 2] & 0x7F
    next_file = b"\x3e\x83\xbb" + bytes([0x80 | size - 1]) + name.ljust(size - 1, b"\0")
    path.write_bytes(content[:start] + next_file + content[start + 3 + size :])
    return path
