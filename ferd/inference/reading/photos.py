"""Decodes one photo of unknown origin to upright RGB, or raises a short reason."""

import contextlib
import logging
import os
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ferd.decoding.pictures import KINDS, Picture, decode
from ferd.decoding.sequences import decode_all
from ferd.imaging.images import BadImage

__all__ = [
    "KINDS",
    "MAX_PIXELS",
    "decode_photo",
    "notes_of",
    "read_photo",
    "read_picture",
    "read_pictures",
]

MAX_PIXELS = 50_000_000
CHUNK = 1 << 20  # bytes: asked for all at once, Python allocates MAX_BYTES first
MAX_BYTES = 1 << 28  # an uncompressed photo of 50 million pixels has 150 million
# Python prints warnings of a logger without handlers as plain lines on standard error.
LOG = logging.getLogger("ferd")


def decode_photo(
    file: BinaryIO, max_pixels: int = MAX_PIXELS, may_be_cut: bool = False
) -> NDArray[np.uint8]:
    """Decodes a JPEG, PNG, BMP, WebP, GIF, TIFF or PPM file, and AVIF and HEIC where possible.

    AVIF needs a Pillow that reads it, HEIC the extra `heic`. EXIF's orientation is applied. Of
    more than 8 bits the highest 8 that the picture uses are kept, transparency is ignored, CMYK and
    palettes become RGB. Of an animation or several pages the first picture is taken, and a bigger
    JPEG is decoded at a half, quarter or eighth of its size; the logger `ferd` then says so.

    Args:
        file: Binary file, open at its start.
        max_pixels: Most pixels (width times height) that are decoded.
        may_be_cut: Decode a JPEG whose last bytes are missing, if half of its rows are there. The
            logger `ferd` then reports what is missing.

    Returns:
        uint8 RGB, shape `(height, width, 3)`.

    Raises:
        BadImage: If the file is no image, cut off, damaged or too big; the message is the reason
            without the file's name. Damage that leaves a JPEG's blocks right in number, or that a
            format without checksums cannot show, is not noticed.
    """
    picture = decode(_content(file), max_pixels, may_shrink=True, may_be_cut=may_be_cut)
    name = getattr(file, "name", None)
    for note in notes_of(picture):
        LOG.warning("ferd: %s: %s", name if isinstance(name, str) else "the photo", note)
    return picture.pixels


def notes_of(picture: Picture) -> tuple[str, ...]:
    """What was left out of a picture, was assumed or is missing, a line each."""
    return (*picture.notes, *filter(None, [picture.damage]))


def read_picture(path: str | os.PathLike[str], max_pixels: int = MAX_PIXELS) -> Picture:
    """Decodes the photo at a path; of a JPEG without its last bytes the rest.

    Args:
        path: As in `open`.
        max_pixels: As in `decode_photo`.

    Returns:
        A `Picture`; of an animation or several pages the first one. The logger `ferd` has reported
        its notes, and not its damage.

    Raises:
        BadImage: As in `read_photo`.
    """
    with _opened(path) as file:
        picture = decode(_content(file), max_pixels, may_shrink=True, may_be_cut=True)
    for note in picture.notes:
        LOG.warning("ferd: %s: %s", path, note)
    return picture


def read_pictures(path: str | os.PathLike[str], max_pixels: int = MAX_PIXELS) -> Iterator[Picture]:
    """Decodes all pictures of a file: a photo, an animation or pages.

    Args:
        path: As in `open`.
        max_pixels: Most pixels of each picture.

    Yields:
        As `ferd.decoding.sequences.decode_all`.

    Raises:
        BadImage: As `decode_all`, and if the file cannot be opened.
    """
    with _opened(path) as file:
        content = _content(file)
    yield from decode_all(content, max_pixels)


def read_photo(
    path: str | os.PathLike[str], max_pixels: int = MAX_PIXELS, may_be_cut: bool = False
) -> NDArray[np.uint8]:
    """Decodes the photo at a path.

    Args:
        path: As in `open`.
        max_pixels: As in `decode_photo`.
        may_be_cut: As in `decode_photo`.

    Returns:
        As in `decode_photo`.

    Raises:
        BadImage: As in `decode_photo`, and if the file cannot be opened; the message is the reason
            without the file's name.
    """
    with _opened(path) as file:
        return decode_photo(file, max_pixels, may_be_cut)


def _content(file: BinaryIO) -> bytes:
    try:
        content = b"".join(islice(iter(lambda: file.read(CHUNK), b""), MAX_BYTES // CHUNK + 1))
    except MemoryError as error:
        raise BadImage("needs more memory than there is (out of memory)") from error
    if len(content) > MAX_BYTES:
        raise BadImage(f"has more than {MAX_BYTES:,} bytes, too many for a photo")
    return content


@contextlib.contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    try:
        # Not blocking: a named pipe that nobody writes into is then an empty file.
        with open(path, "rb", opener=_open_at_once) as file:
            yield file
    except BadImage:
        raise
    except OSError as error:
        raise BadImage(f"cannot be read ({error.strerror or error})") from error
    except ValueError as error:  # a NUL in the path
        raise BadImage(f"cannot be read ({error})") from error


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
