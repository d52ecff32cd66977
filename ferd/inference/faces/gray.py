"""Makes images gray."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

CHANNELS = (1, 3, 4)  # gray, RGB, RGB with transparency
LEVELS = "bring its levels to 0 to 255: (255 * image).round().astype('uint8') if they are 0 to 1"


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
        hint = _hint(image, has_right_shape)
        raise ValueError(f"an image is {image.dtype} {image.shape}; it must be {wanted}{hint}")
    if image.ndim == 3 and image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return image.reshape(image.shape[:2])


def _hint(image: NDArray[Any], has_right_shape: bool) -> str:
    """What to do about an image that is refused."""
    hints = [] if has_right_shape or image.ndim < 3 else [_about_shape(image)]
    if image.dtype != np.uint8 and image.size:
        hints.append(LEVELS)
    return "".join(f"; {hint}" for hint in hints)


def _about_shape(image: NDArray[Any]) -> str:
    if image.ndim > 3:
        return "give one image at a time"
    if image.shape[2] == 4:
        return "leave out its transparency: image[:, :, :3]"
    if image.shape[0] in CHANNELS:
        return "put the channels last: image.transpose(1, 2, 0)"
    return "its last dimension must be 1 or 3 channels"
