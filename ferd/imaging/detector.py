"""Detects faces with dlib's frontal detector at rising up-sampling levels, and crops them.

The detector is a HOG template of 80x80 pixels, so it finds no face in a 48x48 image at level 0.
Level 1 (twice the size) finds nine tenths of all faces found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray


class Box(Protocol):
    """Anything with the sides of a box in pixels, right and bottom excluded."""

    @property
    def left(self) -> int:
        """The first column."""

    @property
    def top(self) -> int:
        """The first row."""

    @property
    def right(self) -> int:
        """The column after the last."""

    @property
    def bottom(self) -> int:
        """The row after the last."""


@dataclass(frozen=True)
class Detection:
    """One face: its box in pixels of the original image, clipped to it, level and SVM score."""

    left: int
    top: int
    right: int
    bottom: int
    level: int
    score: float


def detect(image: NDArray[Any], levels: Iterable[int], detector: Any = None) -> Detection | None:
    """Finds the largest face at the first level that finds any.

    Args:
        image: uint8, shape `(height, width)`.
        levels: Up-sampling levels in the order to try; level n enlarges 2**n times.
        detector: A `dlib.fhog_object_detector`; a new one if None.

    Returns:
        A `Detection`, or None if no level finds a face.

    Reference:
        Dalal and Triggs, 2005; `dlib.get_frontal_face_detector`.
    """
    detector = detector or dlib.get_frontal_face_detector()
    # dlib ignores an array's strides: of a slice of a photo it would read other memory.
    image = np.ascontiguousarray(image)
    for level in levels:
        boxes, scores, _ = detector.run(image, level, 0.0)
        found = [
            _clipped(box, score, level, image.shape)
            for box, score in zip(boxes, scores, strict=True)
        ]
        found = [face for face in found if face.right > face.left and face.bottom > face.top]
        if found:
            return max(found, key=lambda face: (_area(face), face.score))
    return None


def crop(image: NDArray[Any], detection: Box | None, size: int) -> NDArray[Any]:
    """Crops the face and resizes it.

    Args:
        image: uint8, shape `(height, width)`.
        detection: A `Detection` or another `Box`, or None for the whole image.
        size: Side of the result in pixels.

    Returns:
        uint8, shape `(size, size)`.
    """
    if detection is not None:
        image = image[detection.top : detection.bottom, detection.left : detection.right]
    return cv2.resize(image, (size, size))


def _clipped(box: Any, score: float, level: int, shape: tuple[int, ...]) -> Detection:
    # dlib's boxes may extend beyond the image, and include their right and bottom pixels.
    return Detection(
        left=max(0, box.left()),
        top=max(0, box.top()),
        right=min(shape[1], box.right() + 1),
        bottom=min(shape[0], box.bottom() + 1),
        level=int(level),
        score=float(score),
    )


def _area(face: Detection) -> int:
    return (face.right - face.left) * (face.bottom - face.top)
