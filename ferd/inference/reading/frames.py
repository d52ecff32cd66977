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
        number: Its position in a video, an animation, a file of several pages or a camera's stream,
            from 0; 0 for a photo. Frames that are damaged or left out are counted.
        pixels: uint8 RGB, shape `(height, width, 3)`.
        rate: Frames per second that are read of a video or camera; None for a photo.
        seconds: Its time in the video, or since the camera was opened; None for a photo.
        notes: What was left out of it or assumed when it was decoded, a line each.
        damage: What is missing because the file is cut off, also among the notes; empty of a whole
            file.
    """

    source: str
    number: int
    pixels: NDArray[Any]
    rate: float | None = None
    seconds: float | None = None
    notes: tuple[str, ...] = ()
    damage: str = ""

    def follows(self, last: "Frame | None") -> bool:
        """Whether it comes after another frame of the same video or camera."""
        return last is not None and self.source == last.source and self.number > last.number


@dataclass(frozen=True)
class Problem:
    """A source that cannot be read, and the reason in one line without the source's name."""

    source: str
    message: str


Media = Iterator[Frame | Problem]


def problem_line(problem: Problem) -> str:
    """Formats a `Problem` as one line for standard error."""
    return printable(f"ferd: {problem.source}: {problem.message}")


def printable(text: str) -> str:
    r"""Writes what a terminal would not show as itself as Python does, such as `\n` and `\x1b`.

    A file's name may hold line ends and the codes with which a terminal is controlled.
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "backslashreplace").decode()
        for one in text
    )
