"""Reads photos, folders, patterns, videos and cameras as a stream of upright RGB frames.

One frame is in memory at a time. A source that cannot be read becomes a `Problem` between the
frames instead of an exception, so that one broken file does not stop the others.
"""

import glob
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
from numpy.typing import NDArray

from ferd.imaging.images import BadImage
from ferd.inference.photos import MAX_PIXELS, decode_photo, read_photo

# fmt: off
VIDEO_SUFFIXES = frozenset({
    ".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
    ".ogv", ".ts", ".webm", ".wmv",
})
# fmt: on
MAX_INPUT_BYTES = 1 << 28  # of standard input, which may never end
DEFAULT_RATE = 25.0  # frames per second of a camera that does not report them


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


def read_media(
    names: Iterable[str | os.PathLike[str]],
    max_pixels: int = MAX_PIXELS,
    skip: Iterable[str | os.PathLike[str]] = (),
) -> Iterator[Frame | Problem]:
    """Reads all sources in their order.

    Args:
        names: Paths of photos, videos or folders (searched with their subfolders, sorted; names
            that start with a dot are left out), patterns with `*`, `?`, `[...]` or `**`,
            `camera:<number>`, or `-` for one photo on standard input.
        max_pixels: Largest photo or video frame taken, in pixels (width times height).
        skip: Paths that are left out of folders and patterns, with what lies below them.

    Yields:
        `Frame`s and `Problem`s.
    """
    skip = frozenset(map(os.path.realpath, skip))
    for name in map(os.fspath, names):
        yield from _read_one(name, max_pixels, skip)


def _read_one(name, max_pixels, skip):
    if name == "-":
        yield from _photo(name, _read_standard_input, max_pixels)
    elif name.startswith("camera:"):
        yield from _camera(name, max_pixels)
    elif os.path.isdir(name):
        yield from _folder(name, max_pixels, skip)
    elif os.path.lexists(name):
        yield from _file(name, max_pixels)
    elif glob.has_magic(name):
        yield from _pattern(name, max_pixels, skip)
    else:
        yield Problem(name, "there is no such file or folder")


def _folder(folder, max_pixels, skip):
    empty, problems = True, []
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        # os.walk reads this list next, so sorting and filtering it in place controls the walk.
        folders[:] = sorted(name for name in folders if not _is_left_out(parent, name, skip))
        for name in sorted(files):
            if not _is_left_out(parent, name, skip):
                empty = False
                yield from _file(os.path.join(parent, name), max_pixels)
    for error in problems:
        yield Problem(error.filename, f"the folder cannot be read ({error.strerror})")
    if empty and not problems:
        yield Problem(folder, "the folder holds no files")


def _is_left_out(parent, name, skip):
    return name.startswith(".") or os.path.realpath(os.path.join(parent, name)) in skip


def _pattern(pattern, max_pixels, skip):
    found = sorted(glob.glob(pattern, recursive=True))
    if "**" in pattern:
        found = [path for path in found if not os.path.isdir(path)]  # its files are found as well
    found = [path for path in found if os.path.realpath(path) not in skip]
    for path in found:
        yield from _read_one(path, max_pixels, skip)
    if not found:
        yield Problem(pattern, "no file matches the pattern")


def _file(path, max_pixels):
    if not os.path.exists(path):
        yield Problem(path, "is a link to a file that does not exist")
    elif not os.path.isfile(path):
        yield Problem(path, "is neither a file nor a folder")
    elif os.path.splitext(path)[1].lower() in VIDEO_SUFFIXES:
        yield from _video(path, max_pixels)
    else:
        yield from _photo(path, lambda limit: read_photo(path, limit), max_pixels)


def _photo(source, read, max_pixels):
    try:
        yield Frame(source, 0, read(max_pixels))
    except BadImage as error:
        yield Problem(source, str(error))


def _read_standard_input(max_pixels):
    content = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    if len(content) > MAX_INPUT_BYTES:
        raise BadImage(f"is longer than {MAX_INPUT_BYTES:,} bytes")
    return decode_photo(io.BytesIO(content), max_pixels)


def _video(path, max_pixels):
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


def _camera(name, max_pixels):
    number = name.removeprefix("camera:")
    if not re.fullmatch("[0-9]{1,3}", number):
        yield Problem(name, "a camera is named by its number, as in camera:0")
        return
    _silence_opencv()
    yield from _frames(cv2.VideoCapture(int(number)), name, max_pixels, "there is no such camera")


def _silence_opencv():
    # OpenCV and FFmpeg would print their own lines about unreadable files.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # OpenCV 5 moved the function.
    logging = cv2 if hasattr(cv2, "setLogLevel") else cv2.utils.logging
    logging.setLogLevel(0)


def _frames(capture, source, max_pixels, none):
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


def _rate(capture):
    rate = capture.get(cv2.CAP_PROP_FPS)
    return rate if 0 < rate <= 1000 else DEFAULT_RATE
