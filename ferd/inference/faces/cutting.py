"""Searches the faces of a photo and cuts out what the network is shown of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from numpy.typing import NDArray

from ferd.imaging.detector import Box, crop
from ferd.imaging.framing import Framing, cut, sides
from ferd.inference.detectors.base import Detector, FoundFace
from ferd.inference.faces.dark import STRETCHED, stretched
from ferd.inference.faces.gray import to_gray

# Left, top, right, bottom, the detector's level and score: a `ferd.inference.emotion.Face` before
# its emotion. The last two are None of a whole image, and of a box that was carried.
Place = tuple[int, int, int, int, int | None, float | None]


class Found(NamedTuple):
    """A face.

    Args:
        box: Its box.
        crop: The network's input, uint8, shape `(size, size)`.
        note: As in `ferd.inference.emotion.Face`.
    """

    box: Place
    crop: NDArray[Any]
    note: str | None


def search(
    pixels: NDArray[Any], detector: Detector, framing: Framing, size: int, whole_image: bool = False
) -> list[Found]:
    """Searches the faces of a photo and cuts them out.

    Args:
        pixels: uint8, gray `(height, width)` or RGB `(height, width, 3)`.
        detector: The detector.
        framing: As in `shown`.
        size: As in `shown`.
        whole_image: Take the whole photo as one face.

    Returns:
        List of `Found`, the largest first.
    """
    gray = to_gray(pixels)
    boxes = places(pixels, gray, detector, whole_image)
    return cut_out(gray, boxes, framing, size, whole_image)


def places(
    pixels: NDArray[Any], gray: NDArray[Any], detector: Detector, whole_image: bool = False
) -> list[Place]:
    """The boxes of a photo's faces. A very dark photo is stretched for the search.

    Args:
        pixels: As in `search`.
        gray: The same, shape `(height, width)`.
        detector: As in `search`.
        whole_image: As in `search`.

    Returns:
        List of boxes, the largest first.
    """
    if whole_image:
        return [(0, 0, gray.shape[1], gray.shape[0], None, None)]
    bright = stretched(pixels, gray)
    faces = detector.find(pixels if bright is None else bright)
    return [(one.left, one.top, one.right, one.bottom, one.level, one.score) for one in faces]


def cut_out(
    gray: NDArray[Any],
    boxes: Sequence[Place],
    framing: Framing,
    size: int,
    whole_image: bool = False,
) -> list[Found]:
    """Cuts out what the network is shown of each face.

    Args:
        gray: As in `places`.
        boxes: From `places`.
        framing: As in `shown`.
        size: As in `shown`.
        whole_image: As in `search`.

    Returns:
        List of `Found`, in the order of the boxes.
    """
    faces = [None if whole_image else FoundFace(*box[:4], None, 0.0) for box in boxes]
    return [
        Found(box, *shown(gray, face, framing, size))
        for box, face in zip(boxes, faces, strict=True)
    ]


def shown(
    gray: NDArray[Any], face: Box | None, framing: Framing, size: int
) -> tuple[NDArray[Any], str | None]:
    """Cuts out what the network is shown of a face, and stretches it if it is very dark.

    Args:
        gray: The photo, uint8, shape `(height, width)`.
        face: Its box in pixels of the photo; None for the whole photo.
        framing: The part around the box.
        size: Side of the network's input in pixels.

    Returns:
        uint8, shape `(size, size)`, and a note if it was stretched.
    """
    if face is None:
        bright = stretched(gray)
        return crop(gray if bright is None else bright, None, size), _note(bright)
    left, top, right, bottom = sides(face, framing)
    part = (slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right)))
    # Before it is resized, which rounds.
    bright = stretched(gray[part])
    if bright is not None:
        gray = gray.copy()
        gray[part] = bright
    return cut(gray, face, framing, size), _note(bright)


def _note(bright: NDArray[Any] | None) -> str | None:
    return None if bright is None else STRETCHED
