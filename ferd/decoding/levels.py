"""Brings decoded pixels of any depth to 8 bits."""

import io
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.decoding.opening import load

# What cameras and scanners store in files of 16 or 32 bits.
DEPTHS = (8, 10, 12, 14, 16, 24, 32)
# Of colours with 16 bits Pillow keeps the high byte; with the bytes swapped it keeps the low one.
SWAPPED = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
DEEP = ("RGB;16", "RGBA;16", "RGBX;16")
BRIGHT = 64  # a picture with a higher high byte uses 15 bits or 16
BEYOND = 0.1  # what sharpening and resizing add to levels from 0 to 1
WIDEST = 16.0  # floating-point pixels up to here are no whole numbers of 8 bits


def to_rgb(image: Image.Image, content: bytes = b"") -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Converts a Pillow image to 8-bit RGB.

    Args:
        image: Of any mode, decoded. Of more than 8 bits the highest 8 that the picture uses are
            kept: a picture of 12 bits in a file of 16 is as bright as one of 16.
        content: The file's bytes, which are decoded once more if its colours have 16 bits and the
            picture uses fewer.

    Returns:
        uint8, shape `(height, width, 3)`, and lines about what was assumed. Transparency is
        ignored.
    """
    if image.mode.startswith(("F", "I")):
        gray, notes = to_8_bits(np.asarray(image))
        return gray_as_rgb(gray), notes
    rgb = np.array(image.convert("RGB"))
    deep = _deep(rgb, image, content)
    return (rgb if deep is None else _high_bits(deep)), ()


def to_8_bits(levels: NDArray[Any]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Brings levels to 8 bits by their range.

    Args:
        levels: Whole or floating-point numbers, of any shape.

    Returns:
        uint8 of the same shape, and lines about what was assumed.
    """
    if levels.dtype.kind == "f":
        return float_levels(levels)
    return _high_bits(levels), ()


def gray_as_rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeats gray levels as colours; a picture in colours stays as it is."""
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)


def float_levels(levels: NDArray[Any]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Brings floating-point levels to 8 bits.

    Black to white is 0 to 1 (or up to a tenth beyond), -1 to 1, or, if there are levels above 16
    and none below 0, 0 to the highest number of the fewest bits that hold them. Any other range is
    stretched from its lowest level (at most 0) to its highest.

    Args:
        levels: Of any shape. What is no number is black, infinity white.

    Returns:
        uint8 of the same shape, and a line about the range if it was stretched.
    """
    finite = np.isfinite(levels)
    low = float(np.min(levels, where=finite, initial=0.0))
    high = float(np.max(levels, where=finite, initial=0.0))
    notes: tuple[str, ...] = ()
    if low >= 0 and high > WIDEST:
        bits = next((depth for depth in DEPTHS if high < 1 << depth), 0)
        high = float((1 << bits) - 1) if bits else high
    elif low >= -BEYOND and high <= 1 + BEYOND:
        low, high = 0.0, 1.0
    elif low >= -1 and high <= 1:
        low, high = -1.0, 1.0
    else:
        notes = (f"has floating-point levels from {low:.3g} to {high:.3g}: black to white",)
    # In halves, as the difference of the largest numbers is infinite.
    scaled = np.clip(levels, low, high)
    scaled /= 2
    scaled -= low / 2
    scaled *= 255 / (high / 2 - low / 2)
    np.nan_to_num(scaled, copy=False)
    return np.rint(scaled, out=scaled).astype(np.uint8), notes


def _deep(rgb: NDArray[np.uint8], image: Image.Image, content: bytes) -> NDArray[Any] | None:
    """The 16-bit levels of a picture of which `rgb` has the high bytes, if they are low."""
    is_part = image.format == "PNG" and image.tell()  # of an animation, drawn over those before
    is_known = content and image.format in ("PNG", "TIFF") and not is_part
    if not is_known or rgb.max(initial=0) >= BRIGHT:
        return None
    with Image.open(io.BytesIO(content), formats=[str(image.format)]) as other:
        other.seek(image.tell())
        modes = [tile.args if isinstance(tile.args, str) else tile.args[0] for tile in other.tile]
        if not modes or not all(mode[:-1] in DEEP for mode in modes):
            return None
        other.tile = [_swapped(tile) for tile in other.tile]
        load(other)
        low = np.asarray(other)[..., :3]
    levels: NDArray[np.uint16] = rgb.astype(np.uint16) << 8 | low
    return levels


def _swapped(tile: Any) -> Any:
    mode, *more = [tile.args] if isinstance(tile.args, str) else tile.args
    mode = mode[:-1] + SWAPPED[mode[-1]]
    return tile._replace(args=(mode, *more) if more else mode)


def _high_bits(levels: NDArray[Any]) -> NDArray[np.uint8]:
    positive = np.maximum(levels, 0)
    largest = int(positive.max(initial=0))
    bits = next(depth for depth in DEPTHS if largest < 1 << depth)
    return (positive >> (bits - 8)).astype(np.uint8)
