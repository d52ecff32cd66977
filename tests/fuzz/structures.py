"""Changes to a picture file that keep its outer form: checksums are right, segments are whole."""

import struct
import zlib

from tests.helpers.broken_files import chunk, segment

NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1)


def restructured(generator, ending, whole):
    """A changed file, and whether every reader must notice that it is damaged.

    Args:
        generator: A `random.Random`.
        ending: The kind of the file, as its ending.
        whole: The bytes of a whole one.

    Returns:
        `(bytes, bool)`.
    """
    change = {"png": _png, "jpg": _jpeg, "tif": _tiff, "webp": _webp, "gif": _gif}.get(ending)
    return change(generator, whole) if change else (_number(generator, whole, 0), False)


def _number(generator, whole, start, size=4, order="little"):
    """The file with a number put over one of its bytes after `start`."""
    content = bytearray(whole)
    at = generator.randrange(start, max(start + 1, len(content) - size))
    value = generator.choice(NUMBERS) & ((1 << 8 * size) - 1)
    content[at : at + size] = value.to_bytes(size, order)
    return bytes(content)


def _png(generator, whole):
    """A filter that does not exist, or a number in any chunk; the checksums fit."""
    chunks, at = [], 8
    while at < len(whole):
        length = int.from_bytes(whole[at : at + 4], "big")
        chunks.append([whole[at + 4 : at + 8], whole[at + 8 : at + 8 + length]])
        at += 12 + length
    data = [one for one in chunks if one[0] == b"IDAT"]
    has_filter = len(data) == 1 and generator.random() < 0.5
    if has_filter:
        rows = bytearray(zlib.decompress(data[0][1]))
        rows[0] = generator.randrange(5, 256)
        data[0][1] = zlib.compress(bytes(rows))
    else:
        one = generator.choice([one for one in chunks if one[1]])
        one[1] = _number(generator, one[1], 0, generator.choice((1, 2, 4)), "big")
    return whole[:8] + b"".join(chunk(*one) for one in chunks), has_filter


def _jpeg(generator, whole):
    """Segments put in, repeated, left out or exchanged; each of them is whole."""
    parts, at = [], 2
    while whole[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(whole[at + 2 : at + 4], "big")
        if whole[at + 1] == 0xDA:
            while whole[end] != 0xFF or whole[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        parts.append(whole[at:end])
        at = end
    one, other = (generator.randrange(len(parts)) for _ in range(2))
    way = generator.choice(("put", "stuffed", "again", "many", "swap", "drop"))
    if way == "put":
        parts.insert(one, segment(generator.randrange(1, 256), generator.randbytes(9)))
    elif way == "stuffed":
        parts.insert(one, b"\xff" + bytes([generator.choice((0, 1, 0xD0, 0xFF))]) + b"\x00\x10")
    elif way in ("again", "many"):
        parts[other:other] = [parts[one]] * (1 if way == "again" else 300)
    elif way == "swap":
        parts[one], parts[other] = parts[other], parts[one]
    else:
        del parts[one]
    return whole[:2] + b"".join(parts) + whole[at:], False


def _tiff(generator, whole):
    """A field of the directory with another tag, type, count or value."""
    content = bytearray(whole)
    order = "<" if whole[:2] == b"II" else ">"
    (start,) = struct.unpack(f"{order}I", whole[4:8])
    (count,) = struct.unpack(f"{order}H", whole[start : start + 2])
    entry = start + 2 + 12 * generator.randrange(count)
    place, form = generator.choice(((0, "H"), (2, "H"), (4, "I"), (8, "I")))
    value = generator.choice(NUMBERS) & (0xFFFF if form == "H" else 0xFFFFFFFF)
    struct.pack_into(f"{order}{form}", content, entry + place, value)
    return bytes(content), False


def _webp(generator, whole):
    """A chunk with another name, length or first bytes."""
    places, at = [], 12
    while at + 8 <= len(whole):
        places.append(at)
        length = int.from_bytes(whole[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    at = generator.choice(places) + generator.choice((0, 4, 8, 12))
    return whole[:at] + generator.choice(NUMBERS).to_bytes(4, "little") + whole[at + 4 :], False


def _gif(generator, whole):
    """Another size of the screen or a picture, or another length of a block."""
    at = generator.choice((6, 8, 10, max(whole.find(b"\x2c"), 0) + generator.choice((1, 3, 5, 7))))
    value = generator.choice(NUMBERS) & 0xFFFF
    return whole[:at] + value.to_bytes(2, "little") + whole[at + 2 :], False
