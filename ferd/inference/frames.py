"""What photos, videos and cameras are read as: frames, and problems between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture.

    Args:
        source: The file's path, "-" or the camera's name.
        number: Its position in a video or a camera's stream, from 0; 0 for a photo.
        pixels: uint8 RGB, shape `(height, width, 3)`.
        rate: Frames per second of a video or camera; None for a photo.
    """

    source: str
    number: int
    pixels: NDArray[Any]
    rate: float | None = None


@dataclass(frozen=True)
class Problem:
    """A source that cannot be read, and the reason in one line without the source's name."""

    source: str
    message: str


Media = Iterator[Frame | Problem]


def problem_line(problem: Problem) -> str:
    """Formats a `Problem` as one line for standard error."""
    return " ".join(f"ferd: {problem.source}: {problem.message}".split("\n"))
