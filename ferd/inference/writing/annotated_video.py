"""Writes an annotated video: H.264 with sound by ffmpeg, else what OpenCV can write."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import cv2
from numpy.typing import NDArray

from ferd.inference.reading.frames import Frame
from ferd.inference.reading.opencv_paths import opencv_path
from ferd.inference.writing.ffmpeg import FfmpegError, FfmpegVideo, add_sound, found, usable

# The first one plays in browsers, and what is written of it can be read after any death.
CODECS = (
    ("VP80", ".webm", "WebM files"),
    ("mp4v", ".mp4", "MPEG-4 files, which no browser plays,"),
)
LONGEST_STILL = 60.0  # seconds for which a frame stays: a wrong time stamp may say years

Tell = Callable[[str], object]


class Encoder(Protocol):
    """Encodes the frames of one file."""

    def write(self, pixels: NDArray[Any]) -> None:
        """Writes a frame: uint8 RGB."""

    def close(self) -> None:
        """Completes the file."""


class AnnotatedVideo:
    """Writes frames at their times into a video of a constant rate.

    Args:
        free_path: Gives the path of the file for its suffix, such as ".mp4".
        first: The first `Frame`.
        size: Width and height of what is written.
        tell: Takes lines about what the video lacks.

    Raises:
        OSError: If the file cannot be written.
    """

    def __init__(
        self, free_path: Callable[[str], str], first: Frame, size: tuple[int, int], tell: Tell
    ) -> None:
        self._rate = first.rate or 25.0
        self._size, self._source, self._tell = size, first.source, tell
        self._program = program = found()
        self._written = 0
        self._last: NDArray[Any] | None = None
        self._encoder: Encoder
        if program and usable(program):
            self.path = free_path(".mp4")
            self._encoder = FfmpegVideo(program, self.path, self._rate, size)
        else:
            self._program = None
            self.path, self._encoder, kind = _with_opencv(free_path, self._rate, size)
            reason = "ffmpeg cannot encode H.264" if program else "the program ffmpeg is not found"
            tell(f"{reason}: annotated videos are {kind} without sound")

    def write(self, frame: Frame, drawn: NDArray[Any]) -> None:
        """Writes a frame at its time, until when the one before it stays.

        Args:
            frame: The `Frame`; one without a time comes next.
            drawn: What is written of it, uint8 RGB.

        Raises:
            OSError: As `FfmpegVideo.write`.
        """
        if drawn.shape[1::-1] != self._size:
            drawn = cv2.resize(drawn, self._size)
        place = self._written
        if frame.seconds is not None:
            latest = place + round(LONGEST_STILL * self._rate)
            place = min(round(frame.seconds * self._rate), latest)
        if place < self._written:  # the stream has more frames than its rate says
            return
        for _ in range(self._written, place):
            self._encoder.write(drawn if self._last is None else self._last)
        self._encoder.write(drawn)
        self._last, self._written = drawn, place + 1

    def close(self) -> None:
        """Completes the file, with the sound of the source if there is ffmpeg.

        Raises:
            OSError: As `FfmpegVideo.close`.
        """
        self._encoder.close()
        if self._program and os.path.isfile(self._source):
            try:
                add_sound(self._program, self.path, self._source, self._written / self._rate)
            except FfmpegError as error:
                self._tell(str(error))


class OpenCVVideo:
    """Writes a video with OpenCV.

    Args:
        path: The file.
        codec: Four letters.
        rate: Frames per second.
        size: Width and height.

    Raises:
        OSError: If OpenCV cannot write it.
    """

    def __init__(self, path: str, codec: str, rate: float, size: tuple[int, int]) -> None:
        self._link = contextlib.ExitStack()
        name = self._link.enter_context(opencv_path(path))
        number = cv2.VideoWriter_fourcc(*codec)  # type: ignore[attr-defined] # in no stub of cv2
        with _silent():
            self._writer = cv2.VideoWriter(name, cv2.CAP_FFMPEG, number, rate, size)
        if not self._writer.isOpened():
            self.close()
            raise OSError(f"{path} cannot be written")

    def write(self, pixels: NDArray[Any]) -> None:
        """Writes a frame: uint8 RGB."""
        self._writer.write(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        """Completes the file."""
        self._writer.release()
        self._link.close()


def _with_opencv(
    free_path: Callable[[str], str], rate: float, size: tuple[int, int]
) -> tuple[str, OpenCVVideo, str]:
    """Opens a file of the first kind that OpenCV can write: its path, and the kind in words."""
    for codec, suffix, kind in CODECS:
        path = free_path(suffix)
        with contextlib.suppress(OSError):
            return path, OpenCVVideo(path, codec, rate, size), kind
    raise OSError(f"{path}: OpenCV cannot write this video")


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """OpenCV would print that it takes WebM's tag for VP8 instead of that of AVI."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
