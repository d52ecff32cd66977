"""Finds faces with dlib's frontal detector, which the study uses."""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

import dlib
from numpy.typing import NDArray

from ferd.inference.detectors.base import FoundFace, longer_side, merge
from ferd.inference.faces.gray import to_gray
from ferd.inference.faces.photo_faces import LONGEST_SIDE, faces_by_level, find_faces


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
        search = (to_gray(image), self.levels, self._local.detector, self.longest_side)
        if self.every_level:
            found = itertools.chain.from_iterable(faces_by_level(*search))
            return merge([FoundFace(*vars(one).values()) for one in found], self.min_face)
        faces = [FoundFace(*vars(one).values()) for one in find_faces(*search)]
        return [one for one in faces if longer_side(one) >= self.min_face]
