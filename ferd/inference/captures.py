"""Reads videos and cameras with OpenCV as a stream of RGB frames."""

import os
import re
from collections.abc import Generator
from typing import Any

import cv2

from ferd.inference.frames import Frame, Media, Problem

DEFAULT_RATE = 25.0  # frames per second of a camera that does not report them


def read_video(path: str, max_pixels: int) -> Media:
    """Reads a video.

    Args:
        path: The file.
        max_pixels: Largest frame taken, in pixels (width times height).

    Yields:
        Its `Frame`s; a `Problem` if it has none, ends too early or cannot be decoded.
    """
    _silence_opencv()
    # The backend is set, because if FFmpeg fails OpenCV takes "clip1.mp4" for the first image of
    # a numbered sequence. The path is absolute, because FFmpeg takes "a:b.mp4" for a protocol.
    capture = cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG)
    promised = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    rate = _rate(capture)
    number = yield from _frames(capture, path, max_pixels, "is no video, or has no frames")
    # Some containers only estimate their frames: less than a second's difference means nothing.
    if number and promised - number > rate:
        yield Problem(path, f"the video is cut off after {number} of {promised:.0f} frames")


def read_camera(name: str, max_pixels: int) -> Media:
    """Reads a camera until it stops.

    Args:
        name: `camera:<number>`.
        max_pixels: As in `read_video`.

    Yields:
        Its `Frame`s, or a `Problem` if there is no such camera.
    """
    number = name.removeprefix("camera:")
    if not re.fullmatch("[0-9]{1,3}", number):
        yield Problem(name, "a camera is named by its number, as in camera:0")
        return
    _silence_opencv()
    yield from _frames(cv2.VideoCapture(int(number)), name, max_pixels, "there is no such camera")


def _silence_opencv() -> None:
    # OpenCV and FFmpeg would print their own lines about unreadable files.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # OpenCV 5 moved the function.
    opencv: Any = cv2
    logging = opencv if hasattr(opencv, "setLogLevel") else opencv.utils.logging
    logging.setLogLevel(0)


def _frames(
    capture: cv2.VideoCapture, source: str, max_pixels: int, none: str
) -> Generator[Frame | Problem, None, int | None]:
    """Yields a capture's frames, or a `Problem` that says `none`; returns how many there were.

    It returns None if another `Problem` has the reason why the frames end.
    """
    number = 0
    try:
        rate = _rate(capture)
        size = [capture.get(key) for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)]
        if size[0] * size[1] > max_pixels:
            yield Problem(
                source, f"its frames exceed the {max_pixels:,} pixels allowed (max_pixels)"
            )
            return None
        while (pixels := capture.read()[1]) is not None:
            yield Frame(source, number, cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), rate)
            number += 1
    except cv2.error as error:
        reason = " ".join(error.err.split())
        yield Problem(source, f"OpenCV cannot decode its frame {number} ({reason})")
        return None
    finally:
        capture.release()
    if not number:
        yield Problem(source, none)
    return number


def _rate(capture: cv2.VideoCapture) -> float:
    rate = capture.get(cv2.CAP_PROP_FPS)
    return rate if 0 < rate <= 1000 else DEFAULT_RATE
