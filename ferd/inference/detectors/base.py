"""What every face detector of photos takes and gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

OVERLAP = 0.4  # intersection over union from which two boxes are of one face


@dataclass(frozen=True)
class FoundFace:
    """A face: its box in pixels of the image, clipped to it, right and bottom excluded.

    `level` is dlib's up-sampling level, None with another detector. `score` is dlib's score, or
    the confidence of `fast`, from 0 to 1.
    """

    left: int
    top: int
    right: int
    bottom: int
    level: int | None
    score: float


class Detector(Protocol):
    """Finds the faces of an image. Threads may share one, and it can be pickled."""

    @property
    def name(self) -> str:
        """The name of its framing: `fast` or `dlib`."""

    @property
    def settings(self) -> tuple[Any, ...]:
        """All that the faces found depend on besides the image; JSON can hold it."""

    def find(self, image: NDArray[Any]) -> list[FoundFace]:
        """Finds faces.

        Args:
            image: uint8, gray `(height, width)` or RGB `(height, width, 3)`.

        Returns:
            List of `FoundFace`, the largest first; empty where there is no face.
        """


def clipped(
    sides: Iterable[float], level: int | None, score: float, shape: tuple[int, ...]
) -> FoundFace:
    """The face with these sides (left, top, right, bottom), rounded and clipped to an image."""
    left, top, right, bottom = (round(side) for side in sides)
    height, width = shape[:2]
    return FoundFace(
        max(0, left), max(0, top), min(width, right), min(height, bottom), level, score
    )


def merge(faces: list[FoundFace], min_face: int = 0) -> list[FoundFace]:
    """Keeps one box of each face, that with the highest score.

    Args:
        faces: What several searches of one image found.
        min_face: Faces are left out if the longer side of their box has fewer pixels.

    Returns:
        The largest first.

    Reference:
        Non-maximum suppression: `cv2.dnn.NMSBoxes`.
    """
    faces = [one for one in faces if one.right > one.left and one.bottom > one.top]
    boxes = [(one.left, one.top, one.right - one.left, one.bottom - one.top) for one in faces]
    scores = [one.score for one in faces]
    kept = np.asarray(cv2.dnn.NMSBoxes(boxes, scores, 0.0, OVERLAP), int).reshape(-1)
    large = [faces[row] for row in kept if longer_side(faces[row]) >= min_face]
    return sorted(large, key=lambda one: (area(one), one.score), reverse=True)


def longer_side(face: FoundFace) -> int:
    """Pixels of the longer side of its box."""
    return max(face.right - face.left, face.bottom - face.top)


def area(face: FoundFace) -> int:
    """Pixels of its box."""
    return (face.right - face.left) * (face.bottom - face.top)


def resized(image: NDArray[Any], scale: float) -> NDArray[Any]:
    """An image enlarged or shrunk by a factor, at least one pixel in each direction.

    It is halved as often as possible, which takes a tenth of the time of other factors. An odd last
    row or column is then left out.
    """
    while scale <= 0.5 and min(image.shape[:2]) > 1:
        image, scale = _halved(image), 2 * scale
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    if (height, width) == image.shape[:2]:
        return np.ascontiguousarray(image)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, (width, height), interpolation=method)


def _halved(image: NDArray[Any]) -> NDArray[Any]:
    height, width = image.shape[0] // 2, image.shape[1] // 2
    even = image[: 2 * height, : 2 * width]
    return cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
