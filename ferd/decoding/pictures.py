"""Decodes one picture of unknown origin to upright RGB, or raises a short reason.

What a file claims is checked before Pillow opens it, its size before pixels are allocated, and what
was decoded once more. The study reads its images here, and so do `ferd predict` and `ferd serve`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.decoding.deep_tiff import deep_tags, read_levels
from ferd.decoding.jpeg_damage import is_damaged, whole_rows, without_end
from ferd.decoding.jpeg_structure import Jpeg
from ferd.decoding.levels import gray_as_rgb, to_8_bits, to_rgb
from ferd.decoding.opening import (
    HAS_AVIF,
    KINDS,
    STUDY_KINDS,
    has_several,
    load,
    open_picture,
    reasons,
)
from ferd.decoding.sizes import check_start, scale_of
from ferd.imaging.images import BadImage

__all__ = ["HAS_AVIF", "KINDS", "STUDY_KINDS", "Picture", "decode", "upright"]

SEVERAL = "holds several pictures; only the first one is used"
LEAST_WHOLE = 0.5  # of the rows of a JPEG that is cut off
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Picture(NamedTuple):
    """A decoded picture.

    Args:
        pixels: uint8 RGB, shape `(height, width, 3)`.
        notes: What was left out of it or assumed, a line each.
        damage: What is missing because the file is cut off; empty of a whole file.
        seconds: Its time in an animation; None of other pictures.
    """

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...] = ()
    damage: str = ""
    seconds: float | None = None


def decode(
    content: bytes,
    max_pixels: int,
    kinds: Sequence[str] = KINDS,
    may_shrink: bool = False,
    may_be_cut: bool = False,
) -> Picture:
    """Decodes a picture file.

    EXIF's orientation is applied, transparency is ignored, CMYK and palettes become RGB.

    Args:
        content: The file's bytes.
        max_pixels: Most pixels (width times height) that are decoded.
        kinds: Pillow's names of the formats that are read.
        may_shrink: Decode a bigger JPEG at a half, quarter or eighth of its size.
        may_be_cut: Decode a JPEG whose last bytes are missing, if half of its rows are there.

    Returns:
        A `Picture`; of an animation or several pages the first one.

    Raises:
        BadImage: If the file is no picture, cut off, damaged or too big; the message is the reason
            without the file's name.
    """
    if not content:
        raise BadImage("is an empty file")
    with reasons():
        if "TIFF" in kinds and (tags := deep_tags(content)):
            return _deep_tiff(content, tags, max_pixels)
        known = check_start(content, max_pixels, may_be_cut)
        size = known[:2] if known else None
        is_jpeg = isinstance(known, Jpeg)
        scale = scale_of(*size, max_pixels, is_jpeg and may_shrink) if size else 1
        if isinstance(known, Jpeg) and known.is_cut:
            content = without_end(content, known)
        image = open_picture(content, kinds, size, max_pixels if scale == 1 else None)
        notes: tuple[str, ...] = (SEVERAL,) if has_several(image) else ()
        if scale > 1:
            notes += _shrink(image, scale, max_pixels)
        load(image)
        scale_of(image.width, image.height, max_pixels)  # once more: decoders may change the size
        damage = _damage(content, known, image, scale) if isinstance(known, Jpeg) else ""
        pixels, more = upright(image, content)
    return Picture(pixels, notes + more, damage)


def upright(image: Image.Image, content: bytes) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Converts a decoded picture to upright RGB.

    Args:
        image: Pillow's image, decoded.
        content: The file's bytes.

    Returns:
        uint8 RGB, shape `(height, width, 3)`, and notes as those of `Picture`.
    """
    pixels, notes = to_rgb(image, content)
    # Read after the pixels, because Pillow rotates a TIFF itself and then drops the orientation.
    return _turned(pixels, image.getexif().get(ORIENTATION, 1)), notes


def _turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    turn = TURNS.get(orientation)
    if turn is None:
        return pixels
    return np.asarray(Image.fromarray(pixels).transpose(turn))


def _deep_tiff(content: bytes, tags: Any, max_pixels: int) -> Picture:
    levels, orientation, has_more = read_levels(content, tags, max_pixels)
    pixels, notes = to_8_bits(levels)
    notes += (SEVERAL,) if has_more else ()
    return Picture(_turned(gray_as_rgb(pixels), orientation), notes)


def _damage(content: bytes, jpeg: Jpeg, image: Image.Image, scale: int) -> str:
    """What is missing of a JPEG that is cut off; raises of one that is damaged otherwise."""
    if not jpeg.is_cut:
        if scale == 1 and is_damaged(content, jpeg, image):
            raise BadImage("is damaged (its image data does not fit its size)")
        return ""
    rows = whole_rows(content, jpeg, image)
    if rows < LEAST_WHOLE * image.height or not jpeg.is_complete:
        raise BadImage("is cut off (more than half of its image data is missing)")
    if rows == image.height:
        return "is cut off: its end marker is missing, and the picture is complete"
    lacking = "the picture is missing" if len(jpeg.scans) == 1 else "details are missing"
    return f"is cut off: {lacking} from {100 * rows / image.height:.0f}% of its height down"


def _shrink(image: Image.Image, scale: int, max_pixels: int) -> tuple[str, ...]:
    width, height = image.size
    image.draft(None, (max(1, width // scale), max(1, height // scale)))
    return (
        f"is {width} x {height} pixels, more than the {max_pixels:,} of --max-pixels; it is read "
        f"at 1/{scale} of its size, and boxes are in pixels of that",
    )
