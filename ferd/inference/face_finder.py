"""Finds faces with a detector for each thread, and makes images gray for it."""

import threading
from collections.abc import Collection
from typing import Any

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from ferd.imaging.detector import Detection
from ferd.inference.photo_faces import find_faces


class FaceFinder:
    """Finds faces with dlib. Threads may share one, and it can be copied and pickled."""

    def __init__(self) -> None:
        self._local = threading.local()

    def __reduce__(self) -> tuple[type["FaceFinder"], tuple[()]]:
        # Without dlib's detectors, which belong to threads and cannot be pickled.
        return FaceFinder, ()

    def find(
        self, gray: NDArray[Any], levels: Collection[int], longest_side: int
    ) -> list[Detection]:
        """As `ferd.inference.photo_faces.find_faces`, with this thread's detector."""
        # One for each thread, because dlib's detector contains its working memory.
        if not hasattr(self._local, "detector"):
            self._local.detector = dlib.get_frontal_face_detector()
        return find_faces(gray, levels, self._local.detector, longest_side)


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
