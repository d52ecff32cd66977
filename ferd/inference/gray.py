"""Makes images gray."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def to_gray(image: NDArray[Any]) -> NDArray[Any]:
    """Makes an image gray.

    Args:
        image: uint8, gray `(height, width)` or `(height, width, 1)`, or RGB `(height, width, 3)`.

    Returns:
        uint8, shape `(height, width)`.

    Raises:
        ValueError: If it has another type or shape, or no pixels.
    """
    image = np.ascontiguousarray(image)
    has_right_shape = image.ndim in (2, 3) and image.shape[2:] in ((), (1,), (3,))
    if image.dtype != np.uint8 or image.size == 0 or not has_right_shape:
        wanted = "uint8 (height, width) or (height, width, 3), and not empty"
        raise ValueError(f"an image is {image.dtype} {image.shape}; it must be {wanted}")
    if image.ndim == 3 and image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return image.reshape(image.shape[:2])
