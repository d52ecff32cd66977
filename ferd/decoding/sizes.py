"""Checks what a file claims before any pixel is allocated."""

import re

from PIL import Image

from ferd.decoding.jpeg_structure import Jpeg, check_jpeg
from ferd.decoding.png_structure import check_png
from ferd.imaging.images import BadImage

# A JPEG can be decoded at a half, quarter or eighth of its size. Pillow opens none with more pixels
# than this, and libjpeg keeps up to 6 bytes for each pixel of a progressive one.
MAX_JPEG_PIXELS = 178_956_970
SCALES = (1, 2, 4, 8)
# Pillow reads a PPM's comments byte by byte, for minutes if there are millions.
PPM_HEADER = re.compile(rb"P[1-7fF](?:\s+|#[^\r\n]{0,500}[\r\n]){1,50}\d")
TIFF_TILE = (322, 323)


def check_start(
    content: bytes, max_pixels: int, may_be_cut: bool = False
) -> Jpeg | tuple[int, int] | None:
    """Checks the structure of a JPEG, PNG, WebP or PPM file.

    Args:
        content: The file's bytes.
        max_pixels: Most pixels of a PNG.
        may_be_cut: As in `ferd.decoding.jpeg_structure.check_jpeg`.

    Returns:
        A `Jpeg`, or width and height where they are known without Pillow, else None.

    Raises:
        BadImage: If the file is damaged or a PNG too big; the message is the reason without the
            file's name.
    """
    if content[:3] == b"\xff\xd8\xff":
        return check_jpeg(content, may_be_cut)
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        # Before the walk through its chunks, which takes long for a big file.
        is_known = content[12:16] == b"IHDR"
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        scale_of(width * is_known, height, max_pixels)
        return check_png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    if re.match(rb"P[1-7fF][\s#]", content) and not PPM_HEADER.match(content):
        raise BadImage("is damaged (its header is no PPM header, or has too many comments)")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    # Pillow hands the file to libwebp, which allocates an animation's canvas on opening it.
    if len(content) < 30 or len(content) < 8 + int.from_bytes(content[4:8], "little"):
        raise BadImage("is cut off (it is shorter than its header says)")
    if content[12:16] != b"VP8X":
        return None
    width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    return width, height


def scale_of(width: int, height: int, max_pixels: int, is_jpeg: bool = False) -> int:
    """Finds by how much a picture must be shrunk to be decoded.

    Args:
        width: In pixels.
        height: In pixels.
        max_pixels: Most pixels after shrinking.
        is_jpeg: Whether it can be shrunk at all.

    Returns:
        1, 2, 4 or 8.

    Raises:
        BadImage: If it is too big.
    """
    pixels = width * height
    for scale in SCALES if is_jpeg and pixels <= MAX_JPEG_PIXELS else SCALES[:1]:
        if -(-width // scale) * -(-height // scale) <= max_pixels:
            return scale
    size = f"{width} x {height} pixels"
    raise BadImage(f"is {size}, more than the {max_pixels:,} allowed (--max-pixels)")


def check_tiles(image: Image.Image, max_pixels: int) -> None:
    """Refuses a TIFF whose tiles, which are decoded one at a time, are too big."""
    tags = getattr(image, "tag_v2", {})
    width, height = (tags.get(tag, 1) for tag in TIFF_TILE)
    if not all(isinstance(side, int) for side in (width, height)) or width * height > max_pixels:
        raise BadImage(f"is a TIFF with tiles of {width} x {height} pixels, too big to be decoded")
