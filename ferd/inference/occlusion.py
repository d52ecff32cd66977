"""Occlusion maps: the loss of probability when parts of a face are covered in turn."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELLS = 8


def occlusion_map(
    face: NDArray[Any],
    probabilities: Callable[[NDArray[Any]], NDArray[Any]],
    cells: int = CELLS,
) -> NDArray[np.float64]:
    """Computes the loss of probability when a part of a face is covered with gray.

    The face is divided into `cells` by `cells` cells. For each, a patch of twice its side is laid
    over the cell's middle, cut at the face's edges, in the face's mean gray. ONNX Runtime gives no
    gradients, which Grad-CAM would need.

    Args:
        face: uint8, shape `(size, size)`, gray levels; `size` at least `cells`.
        probabilities: Function from uint8 `(faces, size, size)` to float `(faces, classes)`.
        cells: Cells along a side.

    Returns:
        float64, shape `(cells, cells)`: the probability of the uncovered face's likeliest class
        minus that of the covered one, -1 to 1. Below 0 the part is evidence against the class.

    Raises:
        ValueError: If the face has fewer pixels than cells along a side.

    Reference:
        Zeiler and Fergus, 2014: Visualizing and Understanding Convolutional Networks.
    """
    covered = _covered(face, cells)
    answers = np.asarray(probabilities(np.concatenate([face[np.newaxis], covered])), "float64")
    likeliest = answers[0].argmax()
    losses: NDArray[np.float64] = answers[0, likeliest] - answers[1:, likeliest]
    return losses.reshape(cells, cells)


def _covered(face: NDArray[Any], cells: int) -> NDArray[Any]:
    """The face `cells * cells` times, each with one patch; uint8 `(cells**2, size, size)`."""
    if len(face) < cells:
        raise ValueError(f"a face of {len(face)} pixels cannot be divided into {cells} cells")
    spans = _spans(len(face), cells)
    copies = np.repeat(face[np.newaxis], cells * cells, axis=0)
    for number, copy in enumerate(copies):
        copy[spans[number // cells], spans[number % cells]] = np.uint8(round(face.mean()))
    return copies


def _spans(size: int, cells: int) -> list[slice]:
    """For each cell along a side, the slice that its patch covers."""
    side = size / cells
    return [
        slice(max(0, round((cell - 0.5) * side)), min(size, round((cell + 1.5) * side)))
        for cell in range(cells)
    ]
