"""Reads photos, animations, folders, patterns, videos and cameras as upright RGB frames.

One frame is in memory at a time. A source that cannot be read becomes a `Problem` between the
frames instead of an exception, so that one broken file does not stop the others.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from ferd.decoding.pictures import Picture
from ferd.decoding.sequences import decode_all
from ferd.imaging.images import BadImage
from ferd.inference.reading.captures import read_camera
from ferd.inference.reading.frames import Frame, Media, Problem
from ferd.inference.reading.listing import list_sources
from ferd.inference.reading.photos import LOG, MAX_PIXELS, notes_of, read_pictures
from ferd.inference.reading.thinning import ALL, Thinning
from ferd.inference.reading.videos import read_video

__all__ = ["Frame", "Problem", "read_media", "read_source"]

# fmt: off
VIDEO_SUFFIXES = frozenset({
    ".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
    ".ogv", ".ts", ".webm", ".wmv",
})
# fmt: on
ANIMATION_RATE = 50.0  # the pictures per second of the fastest that browsers show
MAX_INPUT_BYTES = 1 << 28  # of standard input, which may never end


def read_media(
    names: Iterable[str | os.PathLike[str]],
    max_pixels: int = MAX_PIXELS,
    skip: Iterable[str | os.PathLike[str]] = (),
    thinning: Thinning = ALL,
    passed: Counter[str] | None = None,
) -> Media:
    """Reads all sources in their order.

    Args:
        names: Paths of photos, animations, videos or folders (searched with their subfolders,
            sorted; names that start with a dot are left out), patterns with `*`, `?`, `[...]` or
            `**`, `camera:<number>`, or `-` for one photo on standard input.
        max_pixels: Largest photo or video frame taken, in pixels (width times height).
        skip: Paths that are left out of folders and patterns, with what lies below them.
        thinning: Which frames of videos and cameras are read.
        passed: Takes the kinds of files that accompany photos, which are passed over in folders and
            patterns, with their numbers. One that is given itself is read.

    Yields:
        `Frame`s and `Problem`s.
    """
    for source in list_sources(names, skip, passed):
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
        yield from _pictures(name, _read_standard_input(max_pixels), thinning)
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
        yield from _pictures(path, read_pictures(path, max_pixels), thinning)


def _pictures(source: str, pictures: Iterator[Picture], thinning: Thinning) -> Media:
    last, rate = None, thinning.rate(ANIMATION_RATE)
    try:
        for number, picture in enumerate(pictures):
            for note in picture.notes:
                LOG.warning("ferd: %s: %s", source, note)
            notes, damage = notes_of(picture), picture.damage
            if picture.seconds is None:
                yield Frame(source, number, picture.pixels, notes=notes, damage=damage)
            elif thinning.keeps(number, picture.seconds, last):
                last = picture.seconds
                yield Frame(source, number, picture.pixels, rate, last, notes)
            if damage:
                yield Problem(source, damage)
    except BadImage as error:
        yield Problem(source, str(error))


def _read_standard_input(max_pixels: int) -> Iterator[Picture]:
    content = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    if len(content) > MAX_INPUT_BYTES:
        raise BadImage(f"is longer than {MAX_INPUT_BYTES:,} bytes")
    yield from decode_all(content, max_pixels)
