"""Reads TIFF files that Pillow does not read, or reads wrongly (Pillow 13).

These are floating-point colours, floating-point levels of 16 or 64 bits, and colours of 16 bits
that are stored one after the other.

Reference:
    - TIFF, revision 6.0, 1992: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
"""

import io
import zlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from ferd.decoding.sizes import scale_of
from ferd.imaging.images import BadImage

WIDTH, HEIGHT, BITS, COMPRESSION, PLACES, CHANNELS, LENGTHS = 256, 257, 258, 259, 273, 277, 279
ORIENTATION, PLANES, PREDICTOR, FORMAT = 274, 284, 317, 339
LETTERS = {1: "u", 3: "f"}  # numpy's for a format of levels
IN_PLANES = 2
MOST_BYTES = 12  # of a pixel: three colours of 32 bits
NONE, DEFLATE = (1,), (8, 32946)


class Deep(NamedTuple):
    """The first picture of such a file.

    Args:
        levels: Floating-point or uint16, shape `(height, width)` or `(height, width, 3)`.
        orientation: EXIF's number.
        has_more: Whether there are further pages.
    """

    levels: NDArray[Any]
    orientation: int
    has_more: bool


def deep_tags(content: bytes) -> ImageFileDirectory_v2 | None:
    """Reads the tags of the first picture of such a file; None of any other file."""
    if content[:4] not in (b"II*\0", b"MM\0*"):
        return None
    tags = ImageFileDirectory_v2(content[:8])
    file = io.BytesIO(content)
    file.seek(tags.next)
    tags.load(file)
    bits, letter = tags.get(BITS, (1,)), _letter(tags)
    in_planes = tags.get(PLANES, 1) == IN_PLANES and len(bits) > 2
    is_read = (letter == "f" and bits != (32,)) or (in_planes and set(bits) == {16})
    return tags if is_read and letter else None


def read_levels(content: bytes, tags: ImageFileDirectory_v2, max_pixels: int) -> Deep:
    """Reads the first picture of such a file.

    Args:
        content: The file's bytes.
        tags: As `deep_tags` returns them.
        max_pixels: Most pixels (width times height); fewer are read of more than 12 bytes each.

    Returns:
        A `Deep`.

    Raises:
        BadImage: If it is damaged, too big or compressed in a way that is not read here.
    """
    width, height, bits = tags[WIDTH], tags[HEIGHT], tags[BITS]
    scale_of(width, height, max_pixels)
    if len(set(bits)) != 1 or bits[0] not in (16, 32, 64) or len(bits) != tags.get(CHANNELS, 1):
        raise BadImage("has floating-point levels of unusual widths; convert it to 8 bits")
    size = width * height * len(bits) * bits[0] // 8
    if size > MOST_BYTES * max_pixels:
        raise BadImage(f"has {width} x {height} pixels in {size:,} bytes, too many (--max-pixels)")
    order = "<" if content[:2] == b"II" else ">"
    levels = np.frombuffer(_data(content, tags, size), f"{order}{_letter(tags)}{bits[0] // 8}")
    if tags.get(PLANES, 1) == IN_PLANES:
        levels = np.moveaxis(levels.reshape(len(bits), height, width), 0, 2)
    levels = levels.reshape(height, width, len(bits))
    levels = levels[..., :3] if len(bits) > 2 else levels[..., 0]
    return Deep(levels, tags.get(ORIENTATION, 1), bool(tags.next))


def _letter(tags: Any) -> str | None:
    formats = set(tags.get(FORMAT, (1,)))
    return LETTERS.get(formats.pop()) if len(formats) == 1 else None


def _data(content: bytes, tags: Any, size: int) -> bytes:
    """The levels' bytes."""
    compression = tags.get(COMPRESSION, 1)
    is_plain = tags.get(PREDICTOR, 1) == 1 and PLACES in tags
    if compression not in NONE + DEFLATE or not is_plain:
        raise BadImage(
            "is a TIFF file whose levels are compressed or in tiles, which is not read here for "
            "floating-point colours and for colours in planes; store it uncompressed"
        )
    parts, left = [], size
    for place, length in zip(tags[PLACES], tags[LENGTHS], strict=True):
        part = content[place : place + length]
        if compression in DEFLATE:
            part = zlib.decompressobj().decompress(part, left + 1)
        parts.append(part)
        left -= len(part)
        if left < 0:
            break
    if left:
        raise BadImage("is cut off or damaged (its data does not fit its size)")
    return b"".join(parts)
