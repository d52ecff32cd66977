"""Stretches the levels of very dark pictures, which were rare among the networks' training images.

`benchmarks/dark.py` measured that this helps, and chose nothing: the bound and the percentiles were
fixed before.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

BOUND = 64  # a picture is very dark if 99% of its pixels have levels below it, of 256
DARKEST, BRIGHTEST = 0.01, 0.99  # the shares of pixels below black and below white
STRETCHED = "the face is very dark and was brightened"
SAMPLE = 500  # rows and columns of which the levels are counted, about
LEAST = 4  # levels between the two; fewer show no face


def stretched(image: NDArray[Any], gray: NDArray[Any] | None = None) -> NDArray[Any] | None:
    """Stretches a very dark picture to the full range of levels.

    Args:
        image: uint8, gray `(height, width)` or RGB `(height, width, 3)`.
        gray: The pixels whose levels count, uint8; the image itself if None.

    Returns:
        uint8, of the image's shape; None if it is bright enough, or has too few levels.
    """
    gray = image if gray is None else gray
    step = max(1, min(gray.shape) // SAMPLE)
    counts = np.bincount(gray[::step, ::step].ravel(), minlength=256)
    below = np.cumsum(counts) / max(1, counts.sum())
    low, high = (int(np.searchsorted(below, share)) for share in (DARKEST, BRIGHTEST))
    if high >= BOUND or high - low < LEAST:
        return None
    table = np.clip((np.arange(256) - low) * (255 / (high - low)), 0, 255)
    return cv2.LUT(image, np.rint(table).astype(np.uint8))
