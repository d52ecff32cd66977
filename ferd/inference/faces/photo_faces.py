"""Finds the faces of a photo with dlib, as `ferd.imaging.detector` finds the largest one."""

from collections.abc import Collection, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ferd.imaging.detector import Detection

LONGEST_SIDE = 1600


def find_faces(
    gray: NDArray[Any], levels: Collection[int], detector: Any, longest_side: int = LONGEST_SIDE
) -> list[Detection]:
    """Finds all faces at the first up-sampling level that finds any.

    In an image of at most `2 * longest_side / 2**n` pixels, n the highest level, the first face is
    the one that `ferd.imaging.detector.detect` finds. A larger image is searched at lower levels
    only, because each level takes four times as long as the one before: level 3 of a photo 8
    seconds.

    Args:
        gray: uint8, shape `(height, width)`.
        levels: Up-sampling levels in the order to try; level n enlarges 2**n times.
        detector: A `dlib.fhog_object_detector`.
        longest_side: An image with a longer side is shrunk to it for the search, and levels at
            which it would be more than twice as long are left out, except the lowest. The
            smallest face found has 80 / 2**n pixels in the shrunk image.

    Returns:
        List of `Detection` in pixels of `gray`, the largest first; empty where there is no face.
    """
    for found in faces_by_level(gray, levels, detector, longest_side):
        if found:
            return sorted(found, key=lambda face: (_area(face), face.score), reverse=True)
    return []


def faces_by_level(
    gray: NDArray[Any], levels: Collection[int], detector: Any, longest_side: int = LONGEST_SIDE
) -> Iterator[list[Detection]]:
    """Searches an image at one up-sampling level after the other.

    Args:
        gray: As in `find_faces`.
        levels: As in `find_faces`.
        detector: As in `find_faces`.
        longest_side: As in `find_faces`.

    Yields:
        The faces of each level that is not left out, in pixels of `gray`.
    """
    scale = min(1.0, longest_side / max(gray.shape))
    # dlib ignores an array's strides: of a slice of a photo it would read other memory.
    search = np.ascontiguousarray(gray) if scale == 1 else _shrink(gray, scale)
    for level in levels_for(max(search.shape), levels, longest_side):
        boxes, scores, _ = detector.run(search, level, 0.0)
        found = [
            _detection(box, score, level, scale, gray.shape)
            for box, score in zip(boxes, scores, strict=True)
        ]
        yield [face for face in found if face.right > face.left and face.bottom > face.top]


def levels_for(longer: int, levels: Collection[int], longest_side: int) -> list[int]:
    """The levels at which an image is searched: the lowest, and those that do not make it too long.

    Args:
        longer: Pixels of its longer side.
        levels: As in `find_faces`.
        longest_side: As in `find_faces`.
    """
    lowest, most = min(levels, default=0), 2 * longest_side
    return [level for level in levels if level == lowest or longer * 2**level <= most]


def _shrink(gray: NDArray[Any], scale: float) -> NDArray[Any]:
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    return cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA)


def _detection(
    box: Any, score: float, level: int, scale: float, shape: tuple[int, ...]
) -> Detection:
    # As in ferd.imaging.detector: clipped to the image; dlib's right and bottom pixels belong to
    # the box.
    return Detection(
        left=max(0, round(box.left() / scale)),
        top=max(0, round(box.top() / scale)),
        right=min(shape[1], round((box.right() + 1) / scale)),
        bottom=min(shape[0], round((box.bottom() + 1) / scale)),
        level=int(level),
        score=float(score),
    )


def _area(face: Detection) -> int:
    return (face.right - face.left) * (face.bottom - face.top)
