"""Writes annotated photos and videos into a folder: photos under their own names, videos as .mp4.

Without the program ffmpeg videos are .webm.
"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PIL import Image

from ferd.imaging.detector import Box
from ferd.inference.reading.frames import Frame
from ferd.inference.writing.annotate import annotate
from ferd.inference.writing.annotated_video import AnnotatedVideo, Tell

PHOTO_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


class AnnotatedFolder:
    """Writes annotated frames. As a context manager it completes the last video at its end.

    An existing file is never overwritten: a second `a.jpg` becomes `a-2.jpg`.

    Args:
        folder: Created if it does not exist.
        tell: Takes lines about what the videos lack and what cannot be written, each line once.

    Attributes:
        problems: How many files could not be written. The others are.

    Raises:
        OSError: If the folder cannot be made.
    """

    def __init__(self, folder: str | os.PathLike[str], tell: Tell = lambda line: None) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._tell, self._told = tell, set[str]()
        self.problems = 0
        self._video: AnnotatedVideo | None = None
        self._last: Frame | None = None
        self._is_given_up = False

    def __enter__(self) -> "AnnotatedFolder":
        return self

    def __exit__(self, *error: object) -> None:
        self._close_video()

    def add(self, frame: Frame, faces: Sequence[Box], captions: Sequence[str]) -> None:
        """Annotates a frame and writes it. The frames of a video must be added in order.

        Args:
            frame: A `ferd.inference.reading.frames.Frame`; one of another source, or with no
                higher number than the last one, begins a new file.
            faces: As in `ferd.inference.writing.annotate.annotate`.
            captions: As in `ferd.inference.writing.annotate.annotate`.
        """
        if not frame.follows(self._last):
            self._close_video()
            self._is_given_up = False
        self._last = frame
        if self._is_given_up:
            return
        try:
            self._write(frame, annotate(frame.pixels, faces, captions))
        # Pillow has the second one for a picture that is too large for its format.
        except (OSError, ValueError) as error:
            self._give_up(error)

    def _write(self, frame: Frame, drawn: NDArray[Any]) -> None:
        if frame.rate is None:
            Image.fromarray(drawn).save(self._free_path(_photo_name(frame.source)), quality=95)
            return
        if self._video is None:
            self._video = self._open_video(frame, (drawn.shape[1], drawn.shape[0]))
        self._video.write(frame, drawn)

    def _open_video(self, frame: Frame, size: tuple[int, int]) -> AnnotatedVideo:
        stem = Path(_name(frame.source)).stem
        return AnnotatedVideo(
            lambda suffix: str(self._free_path(stem + suffix)), frame, size, self._tell_once
        )

    def _tell_once(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._tell(line)

    def _close_video(self) -> None:
        if self._video is not None:
            video, self._video = self._video, None
            try:
                video.close()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.problems += 1
        self._is_given_up = True
        source = self._last.source if self._last else self.folder
        self._tell(f"{source}: the annotated file cannot be written ({error})")
        video, self._video = self._video, None
        if video is not None:
            with contextlib.suppress(OSError):
                video.close()

    def _free_path(self, name: str) -> Path:
        path, number = self.folder / name, 1
        while os.path.lexists(path):
            number += 1
            path = self.folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        return path


def _photo_name(source: str) -> str:
    name = "photo" if source == "-" else _name(source)
    return name if Path(name).suffix.lower() in PHOTO_SUFFIXES else name + ".png"


def _name(source: str) -> str:
    return source.replace(":", "-") if source.startswith("camera:") else os.path.basename(source)
