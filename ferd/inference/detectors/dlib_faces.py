"""Finds faces with dlib's frontal detector, which the study uses."""

import threading
from collections.abc import Sequence
from typing import Any

import dlib
from numpy.typing import NDArray

from ferd.inference.detectors.base import FoundFace, clipped, longer_side, merge, resized
from ferd.inference.gray import to_gray
from ferd.inference.photo_faces import LONGEST_SIDE, find_faces


class DlibDetector:
    """dlib's HOG detector at several up-sampling levels.

    Args:
        levels: Up-sampling levels in the order to try; level n enlarges 2**n times.
        longest_side: An image with a longer side is shrunk to it. Levels that would enlarge the
            image to more than twice this side are left out, except the lowest level.
        min_face: Faces are left out if the longer side of their box has fewer pixels.
        every_level: Merge the faces of all levels. Otherwise the first level with a face ends the
            search, as in the study's images, which have one face each.
    """

    name = "dlib"

    def __init__(
        self,
        levels: Sequence[int],
        longest_side: int | None = None,
        min_face: int = 0,
        every_level: bool = True,
    ) -> None:
        self.levels, self.longest_side = tuple(levels), longest_side or LONGEST_SIDE
        self.min_face, self.every_level = min_face, every_level
        self._local = threading.local()

    def __reduce__(self) -> tuple[type["DlibDetector"], tuple[Any, ...]]:
        # Without dlib's own detectors, which belong to threads and cannot be pickled.
        return DlibDetector, self.settings[1:]

    @property
    def settings(self) -> tuple[Any, ...]:
        """As in `Detector`."""
        return (self.name, self.levels, self.longest_side, self.min_face, self.every_level)

    def find(self, image: NDArray[Any]) -> list[FoundFace]:
        """As in `Detector`."""
        # One for each thread, because dlib's detector contains its working memory.
        if not hasattr(self._local, "detector"):
            self._local.detector = dlib.get_frontal_face_detector()
        gray = to_gray(image)
        if self.every_level:
            return self._find_merged(gray)
        found = find_faces(gray, self.levels, self._local.detector, self.longest_side)
        faces = [FoundFace(*vars(one).values()) for one in found]
        return [one for one in faces if longer_side(one) >= self.min_face]

    def _find_merged(self, gray: NDArray[Any]) -> list[FoundFace]:
        scale = min(1.0, self.longest_side / max(gray.shape))
        search = resized(gray, scale)
        found = []
        for level in self._levels_for(max(search.shape)):
            boxes, scores, _ = self._local.detector.run(search, level, 0.0)
            for box, score in zip(boxes, scores, strict=True):
                # dlib's right and bottom pixels belong to the box.
                sides = (box.left(), box.top(), box.right() + 1, box.bottom() + 1)
                scaled = (side / scale for side in sides)
                found.append(clipped(scaled, int(level), float(score), gray.shape))
        return merge(found, self.min_face)

    def _levels_for(self, longer: int) -> list[int]:
        lowest, most = min(self.levels), 2 * self.longest_side
        return [one for one in self.levels if one == lowest or longer * 2**one <= most]
