"""Computes the crop around a detected face: by how much it exceeds the box."""

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ferd.imaging.detector import Box, crop


class Framing(NamedTuple):
    """Sides of the crop, in widths and heights of the detector's box from its top left."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0


def median_framing(boxes: ArrayLike, size: int) -> Framing:
    """The framing of a data set whose whole images are faces.

    Args:
        boxes: Detector's boxes in such images: left, top, right and bottom in pixels, right and
            bottom excluded; shape `(faces, 4)`.
        size: Side of the images in pixels.

    Returns:
        `Framing`: for each side, the median position of the image's edge relative to the box.
    """
    left, top, right, bottom = np.asarray(boxes, float).T
    width, height = right - left, bottom - top
    sides = (-left / width, -top / height, (size - left) / width, (size - top) / height)
    return Framing(*(float(np.median(side)) for side in sides))


def cut(image: NDArray[Any], face: Box | None, framing: Framing, size: int) -> NDArray[Any]:
    """Crops a face with its surroundings and resizes it.

    Args:
        image: uint8, shape `(height, width)`.
        face: A `ferd.imaging.detector.Box` in pixels of the image, or None for the whole image.
        framing: The `Framing`. Of the box alone (the default) the result is that of
            `ferd.imaging.detector.crop`.
        size: Side of the result in pixels.

    Returns:
        uint8, shape `(size, size)`. Beyond the image its edge is repeated.
    """
    if face is None or framing == Framing():
        return crop(image, face, size)
    left, top, right, bottom = sides(face, framing)
    height, width = image.shape
    inside = image[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    around = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    part = cv2.copyMakeBorder(inside, *around, cv2.BORDER_REPLICATE)
    # Linear interpolation skips pixels of a face much larger than the result.
    method = cv2.INTER_AREA if min(part.shape) > size else cv2.INTER_LINEAR
    return cv2.resize(part, (size, size), interpolation=method)


def sides(face: Box, framing: Framing) -> tuple[int, int, int, int]:
    """Computes the sides of the crop that `cut` makes.

    Args:
        face: As in `cut`, but not None.
        framing: As in `cut`.

    Returns:
        `(left, top, right, bottom)` in pixels of the image, possibly outside of it.
    """
    width, height = face.right - face.left, face.bottom - face.top
    return (
        round(face.left + framing.left * width),
        round(face.top + framing.top * height),
        round(face.left + framing.right * width),
        round(face.top + framing.bottom * height),
    )
