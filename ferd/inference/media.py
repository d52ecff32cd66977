"""Reads photos, folders, patterns, videos and cameras as a stream of upright RGB frames.

One frame is in memory at a time. A source that cannot be read becomes a `Problem` between the
frames instead of an exception, so that one broken file does not stop the others.
"""

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from numpy.typing import NDArray

from ferd.imaging.images import BadImage
from ferd.inference.captures import read_camera, read_video
from ferd.inference.frames import Frame, Media, Problem
from ferd.inference.listing import list_sources
from ferd.inference.photos import MAX_PIXELS, decode_photo, read_photo
from ferd.inference.thinning import ALL, Thinning

__all__ = ["Frame", "Problem", "read_media", "read_source"]

# fmt: off
VIDEO_SUFFIXES = frozenset({
    ".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
    ".ogv", ".ts", ".webm", ".wmv",
})
# fmt: on
MAX_INPUT_BYTES = 1 << 28  # of standard input, which may never end


def read_media(
    names: Iterable[str | os.PathLike[str]],
    max_pixels: int = MAX_PIXELS,
    skip: Iterable[str | os.PathLike[str]] = (),
    thinning: Thinning = ALL,
) -> Media:
    """Reads all sources in their order.

    Args:
        names: Paths of photos, videos or folders (searched with their subfolders, sorted; names
            that start with a dot are left out), patterns with `*`, `?`, `[...]` or `**`,
            `camera:<number>`, or `-` for one photo on standard input.
        max_pixels: Largest photo or video frame taken, in pixels (width times height).
        skip: Paths that are left out of folders and patterns, with what lies below them.
        thinning: Which frames of videos and cameras are read.

    Yields:
        `Frame`s and `Problem`s.
    """
    for source in list_sources(names, skip):
        if isinstance(source, Problem):
            yield source
        else:
            yield from read_source(source, max_pixels, thinning)


def read_source(name: str, max_pixels: int, thinning: Thinning = ALL) -> Media:
    """Reads one source.

    Args:
        name: Path of a photo or video, `camera:<number>` or `-`.
        max_pixels: As in `read_media`.
        thinning: As in `read_media`.

    Yields:
        `Frame`s and `Problem`s.
    """
    if name == "-":
        yield from _photo(name, _read_standard_input, max_pixels)
    elif name.startswith("camera:"):
        yield from read_camera(name, max_pixels, thinning)
    else:
        yield from _file(name, max_pixels, thinning)


def _file(path: str, max_pixels: int, thinning: Thinning) -> Media:
    if not os.path.exists(path):
        yield Problem(path, "is a link to a file that does not exist")
    elif not os.path.isfile(path):
        yield Problem(path, "is neither a file nor a folder")
    elif os.path.splitext(path)[1].lower() in VIDEO_SUFFIXES:
        yield from read_video(path, max_pixels, thinning)
    else:
        yield from _photo(path, lambda limit: read_photo(path, limit), max_pixels)


def _photo(source: str, read: Callable[[int], NDArray[Any]], max_pixels: int) -> Media:
    try:
        yield Frame(source, 0, read(max_pixels))
    except BadImage as error:
        yield Problem(source, str(error))


def _read_standard_input(max_pixels: int) -> NDArray[Any]:
    content = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    if len(content) > MAX_INPUT_BYTES:
        raise BadImage(f"is longer than {MAX_INPUT_BYTES:,} bytes")
    return decode_photo(io.BytesIO(content), max_pixels)
