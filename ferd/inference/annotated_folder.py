"""Writes annotated photos and videos into a folder: a photo under its own name, a video as .mp4."""

import os
from collections.abc import Sequence
from pathlib import Path

import cv2
from PIL import Image

from ferd.imaging.detector import Box
from ferd.inference.annotate import annotate
from ferd.inference.frames import Frame

PHOTO_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


class AnnotatedFolder:
    """Writes annotated frames. As a context manager it completes the last video at its end.

    An existing file is never overwritten: a second `a.jpg` becomes `a-2.jpg`.

    Args:
        folder: Created if it does not exist.

    Raises:
        OSError: If the folder cannot be made.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._video: cv2.VideoWriter | None = None

    def __enter__(self) -> "AnnotatedFolder":
        return self

    def __exit__(self, *error: object) -> None:
        self._close_video()

    def add(self, frame: Frame, faces: Sequence[Box], captions: Sequence[str]) -> None:
        """Annotates a frame and writes it. The frames of a video must be added in order.

        Args:
            frame: A `ferd.inference.frames.Frame`; number 0 begins a new file.
            faces: As in `ferd.inference.annotate.annotate`.
            captions: As in `ferd.inference.annotate.annotate`.

        Raises:
            OSError: If the file cannot be written.
        """
        drawn = annotate(frame.pixels, faces, captions)
        if frame.number == 0:
            self._close_video()
        if frame.rate is None:
            Image.fromarray(drawn).save(self._free_path(_photo_name(frame.source)), quality=95)
            return
        if self._video is None:
            self._video = self._open_video(frame, frame.rate, drawn.shape)
        self._video.write(cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))

    def _open_video(self, frame: Frame, rate: float, shape: tuple[int, ...]) -> cv2.VideoWriter:
        path = self._free_path(Path(_name(frame.source)).stem + ".mp4")
        size = (shape[1], shape[0])
        codec = cv2.VideoWriter_fourcc(*"mp4v")  # type: ignore[attr-defined] # in no stub of cv2
        video = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, codec, rate, size)
        if not video.isOpened():
            raise OSError(f"{path}: OpenCV cannot write this video")
        return video

    def _close_video(self) -> None:
        if self._video is not None:
            self._video.release()
            self._video = None

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
