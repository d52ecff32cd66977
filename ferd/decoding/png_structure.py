"""Checks the chunks of a PNG file before it is decoded: their checksums, order and sizes.

Pillow does not compare the checksum of every chunk, and decoders disagree on an animated picture
whose first frame has another size than the picture.
"""

import struct
import zlib
from collections.abc import Iterator

from ferd.imaging.images import BadImage


def check_png(content: bytes) -> tuple[int, int]:
    """Walks through the chunks of a PNG file up to its last one.

    Args:
        content: The file's bytes.

    Returns:
        Width and height by its header.

    Raises:
        BadImage: If a chunk is damaged or missing, or a frame does not fit into the picture; the
            message is the reason without the file's name.
    """
    size: tuple[int, int] | None = None
    has_data = False
    for kind, body in _chunks(content):
        if (kind == b"IHDR") != (size is None):
            raise BadImage("is damaged (its header chunk is not the first one, or not the only)")
        if kind == b"IHDR":
            size = _size(body)
        elif kind == b"fcTL" and size:
            _check_frame(body, size, has_data)
        has_data |= kind == b"IDAT"
    if size is None or not has_data:
        raise BadImage("is damaged (it has no image data)")
    return size


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    view, position = memoryview(content), 8
    while position + 12 <= len(content):
        end = position + 8 + int.from_bytes(view[position : position + 4], "big")
        kind = content[position + 4 : position + 8]
        if zlib.crc32(view[position + 4 : end]) != int.from_bytes(view[end : end + 4], "big"):
            raise BadImage("is cut off or damaged (a checksum is wrong)")
        if kind == b"IEND":
            return
        # Only these are looked into; a copy of the image data would double the memory.
        yield kind, content[position + 8 : end] if kind in (b"IHDR", b"fcTL") else b""
        position = end + 4
    raise BadImage("is cut off (its last chunk is missing)")


def _size(body: bytes) -> tuple[int, int]:
    if len(body) != 13:
        raise BadImage("is damaged (its header has another length)")
    width, height = struct.unpack(">II", body[:8])
    if not (width and height):
        raise BadImage("is damaged (its header gives no size)")
    return width, height


def _check_frame(body: bytes, size: tuple[int, int], has_data: bool) -> None:
    if len(body) != 26:
        raise BadImage("is damaged (a frame header has another length)")
    width, height, left, top = struct.unpack(">IIII", body[4:20])
    is_inside = left + width <= size[0] and top + height <= size[1] and width and height
    # The frame before the image data is the picture itself.
    if not is_inside or (not has_data and (width, height) != size):
        raise BadImage("is damaged (a frame's size contradicts the picture's)")
