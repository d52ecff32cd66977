"""Decodes one image file of unknown origin to 8-bit gray, or raises a one-line reason.

The headers are read by hand before OpenCV reads the file. OpenCV allocates whatever size a header
claims, and it fills the missing part of a truncated JPEG with gray without an error.
"""

import zlib
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

JPEG, PNG, BMP, WEBP = "JPEG", "PNG", "BMP", "WebP"
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# The start-of-frame markers, which hold the size; C4, C8 and CC between them are other things.
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
BMP_RLE = frozenset({1, 2})


class BadImage(ValueError):
    """An image file that cannot be used; the message has the file and the reason."""


class Header(NamedTuple):
    """Facts from an image file's header; `complete` is whether the file has its end marker.

    `bits` and `channels` are set for JPEG only, for `is_gray_jpeg`.
    """

    kind: str
    width: int
    height: int
    complete: bool
    bits: int = 0
    channels: int = 0


def read_gray(content: bytes, name: str, max_pixels: int) -> "NDArray[Any]":
    """Decodes a JPEG, PNG, BMP or WebP file to 8-bit grayscale.

    Equal bit for bit to `cv2.imread(path, cv2.IMREAD_GRAYSCALE)`. Colour becomes gray,
    transparency is ignored, and of 16 bits the high 8 are kept (scaled, not clipped).

    Args:
        content: The file's bytes.
        name: The file's name, for the messages.
        max_pixels: Most pixels (width times height) that are decoded.

    Returns:
        uint8 array of shape `(height, width)`.

    Raises:
        BadImage: If the file is empty, no image, cut off, damaged or too big.
    """
    import cv2
    import numpy as np

    _check(content, name, max_pixels)
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
    try:
        gray: NDArray[Any] | None = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    except cv2.error as error:
        raise BadImage(f"{name}: OpenCV refuses it ({error.err})") from error
    if gray is None or gray.dtype not in (np.uint8, np.uint16):
        raise BadImage(f"{name}: is damaged or of an unusual kind; OpenCV cannot decode it")
    return gray if gray.dtype == np.uint8 else (gray >> 8).astype(np.uint8)


def encode_png(gray: "NDArray[Any] | bytes", shape: tuple[int, int] | None = None) -> bytes:
    """Packs 8-bit gray pixels into a PNG file without loss.

    Args:
        gray: uint8 array of shape `(height, width)`, or the pixels' bytes together with `shape`.
        shape: `(height, width)` of pixels given as bytes.

    Returns:
        The file's bytes.
    """
    import cv2
    import numpy as np

    pixels = np.asarray(gray) if shape is None else np.frombuffer(gray, np.uint8).reshape(shape)
    return cv2.imencode(".png", pixels)[1].tobytes()


def is_gray_jpeg(content: bytes) -> bool:
    """Whether the bytes are an ordinary 8-bit JPEG of one channel, which is kept unchanged."""
    header = _read_header(content)
    return header is not None and (header.kind, header.bits, header.channels) == (JPEG, 8, 1)


def _check(content: bytes, name: str, max_pixels: int) -> None:
    if not content:
        raise BadImage(f"{name}: is an empty file")
    header = _read_header(content)
    if header is None:
        raise BadImage(f"{name}: is not a JPEG, PNG, BMP or WebP image")
    if header.width * header.height > max_pixels:
        size = f"{header.width} x {header.height} pixels"
        raise BadImage(f"{name}: is {size}, more than the {max_pixels:,} allowed (max_pixels)")
    if not header.complete:
        raise BadImage(f"{name}: is cut off or damaged (the {header.kind} file does not end)")
    if header.width * header.height == 0:
        raise BadImage(f"{name}: is damaged (the {header.kind} header gives no size)")


def _read_header(content: bytes) -> Header | None:
    if content[:3] == b"\xff\xd8\xff":
        return _jpeg_header(content)
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return _png_header(content)
    if content[:2] == b"BM":
        return _bmp_header(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_header(content)
    return None


def _jpeg_header(content: bytes) -> Header:
    width = height = bits = channels = 0
    position = 2
    complete = False
    while 0 <= (position := content.find(b"\xff", position)) < len(content) - 3:
        marker = content[position + 1]
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in (START_OF_SCAN, END_OF_IMAGE):
            # Searched from the scan on, because a thumbnail inside the header has an end marker
            # too. Image data cannot contain one by chance: JPEG writes 0xFF there as 0xFF00.
            complete = marker == START_OF_SCAN and content.find(b"\xff\xd9", position) >= 0
            break
        if marker in START_OF_FRAME:
            bits = _number(content[position + 4 : position + 5])
            channels = _number(content[position + 9 : position + 10])
            height = _number(content[position + 5 : position + 7])
            width = _number(content[position + 7 : position + 9])
        position += 2 + _number(content[position + 2 : position + 4])
    return Header(JPEG, width, height, complete, bits, channels)


def _png_header(content: bytes) -> Header:
    width, height = _number(content[16:20]), _number(content[20:24])
    return Header(PNG, width, height, _png_is_complete(content))


def _png_is_complete(content: bytes) -> bool:
    # Every block's checksum is compared, because OpenCV decodes some damaged files silently.
    view, position = memoryview(content), 8
    while position + 12 <= len(content):
        end = position + 8 + _number(view[position : position + 4])
        if zlib.crc32(view[position + 4 : end]) != _number(view[end : end + 4]):
            return False
        if content[position + 4 : position + 8] == b"IEND":
            return True
        position = end + 4
    return False


def _bmp_header(content: bytes) -> Header:
    old = _number(content[14:18], "little") == 12  # the OS/2 header has 16-bit sizes
    places = ((18, 20), (20, 22), (24, 26)) if old else ((18, 22), (22, 26), (28, 30))
    width, height, bits = (_number(content[start:end], "little") for start, end in places)
    if not old and height >= 1 << 31:
        height = (1 << 32) - height  # a negative height: the rows run from top to bottom
    data = (width * bits + 31) // 32 * 4 * height
    if not old and _number(content[30:34], "little") in BMP_RLE:
        data = _number(content[34:38], "little")
    complete = len(content) >= 26 and len(content) >= _number(content[10:14], "little") + data
    return Header(BMP, width, height, complete)


def _webp_header(content: bytes) -> Header:
    complete = len(content) >= 8 + _number(content[4:8], "little")
    block = content[12:16]
    if block == b"VP8X":
        width, height = (1 + _number(content[start : start + 3], "little") for start in (24, 27))
    elif block == b"VP8L":
        packed = _number(content[21:25], "little")
        width, height = 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    else:
        width, height = (_number(content[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return Header(WEBP, width, height, complete)


def _number(some_bytes: bytes | memoryview, order: Literal["big", "little"] = "big") -> int:
    return int.from_bytes(some_bytes, order)
