"""Draws the boxes of faces, with their predicted classes, on a photo or video frame."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ferd.imaging.detector import Box

FONT = cv2.FONT_HERSHEY_SIMPLEX
BLACK, WHITE, YELLOW = (0, 0, 0), (255, 255, 255), (255, 221, 0)
SMALLEST_SIDE = 320  # a caption does not fit into a frame of 48 pixels


def annotate(pixels: NDArray[Any], faces: Sequence[Box], captions: Sequence[str]) -> NDArray[Any]:
    """Draws a box around every face and its caption above it.

    The box has a black edge and the caption a black background, so both are visible on any picture.

    Args:
        pixels: uint8 RGB, shape `(height, width, 3)`.
        faces: List of objects with `left`, `top`, `right` and `bottom` in pixels, right and bottom
            excluded.
        captions: A text for each face; characters outside ASCII are drawn as question marks.

    Returns:
        uint8 RGB, a new array: of the same shape, or enlarged by a whole factor if the longer
        side has fewer than 320 pixels.
    """
    factor = -(-SMALLEST_SIDE // max(pixels.shape[:2]))
    drawn = np.repeat(np.repeat(pixels, factor, axis=0), factor, axis=1)
    unit = max(1, round(max(drawn.shape[:2]) / 640))
    for face in faces:
        start = (face.left * factor, face.top * factor)
        end = (face.right * factor - 1, face.bottom * factor - 1)
        cv2.rectangle(drawn, start, end, BLACK, 4 * unit)
        cv2.rectangle(drawn, start, end, YELLOW, 2 * unit)
    # All captions after all boxes, so that no box crosses one.
    for face, caption in zip(faces, captions, strict=True):
        _write(drawn, face.left * factor, face.top * factor, caption, unit)
    return drawn


def caption(label: str, confidence: float) -> str:
    """Formats the text for a face: its label and confidence in percent."""
    return f"{label} {100 * confidence:.0f}%"


def _write(drawn: NDArray[Any], left: int, top: int, text: str, unit: int) -> None:
    """Writes above the point if there is room, else below it, always inside the frame."""
    scale, margin = 0.5 * unit, 3 * unit
    (width, height), below = cv2.getTextSize(text, FONT, scale, unit)
    full_height, full_width = height + below + 2 * margin, width + 2 * margin
    left = max(0, min(left, drawn.shape[1] - full_width))
    top = top - full_height if top >= full_height else top
    top = max(0, min(top, drawn.shape[0] - full_height))
    cv2.rectangle(drawn, (left, top), (left + full_width - 1, top + full_height - 1), BLACK, -1)
    place = (left + margin, top + margin + height)
    cv2.putText(drawn, text, place, FONT, scale, WHITE, unit, cv2.LINE_AA)
