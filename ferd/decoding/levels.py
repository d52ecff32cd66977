"""Brings decoded pixels of any depth to 8 bits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.imaging.images import BadImage

# What cameras and scanners store in files of 16 or 32 bits.
DEPTHS = (8, 10, 12, 16, 24, 32)


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Converts a Pillow image to 8-bit RGB.

    Args:
        image: Of any mode. Of more than 8 bits the highest 8 that the picture uses are kept: a
            picture of 12 bits in a file of 16 is as bright as one of 16.

    Returns:
        uint8, shape `(height, width, 3)`. Transparency is ignored.

    Raises:
        BadImage: For floating-point pixels, whose range is unknown.
    """
    if image.mode == "F":
        raise BadImage("has floating-point pixels, whose range is unknown; convert it to 8 bits")
    if image.mode.startswith("I"):
        gray = _high_bits(np.asarray(image))
        return np.repeat(gray[..., np.newaxis], 3, axis=2)
    return np.array(image.convert("RGB"))


def _high_bits(levels: NDArray[Any]) -> NDArray[np.uint8]:
    positive = np.maximum(levels, 0)
    largest = int(positive.max(initial=0))
    bits = next(depth for depth in DEPTHS if largest < 1 << depth)
    return (positive >> (bits - 8)).astype(np.uint8)
