"""Decodes all pictures of an animation, or all pages of a TIFF file, one at a time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.decoding.deep_tiff import deep_tags
from ferd.decoding.opening import KINDS, has_several, load, open_picture, reasons
from ferd.decoding.pictures import Picture, decode, upright
from ferd.decoding.sizes import check_start, check_tiles, scale_of
from ferd.imaging.images import BadImage

# Of one file. So a small hostile one ends too.
MAX_PICTURES = 10_000
MAX_TOTAL_PIXELS = 5_000_000_000
SUBFILE = 254  # of a page of a TIFF file: bit 0 is set in a reduced copy, bit 2 in a mask
PNG = b"\x89PNG"
STARTS = (b"GIF8", b"II", b"MM", b"RIFF", PNG)
READ = ("AVIF", "GIF", "PNG", "TIFF", "WEBP")
COUNTED = ("AVIF", "PNG", "WEBP")  # the header has the number of pictures
GIF_END = b";"
# Seconds. Browsers show a picture for the latter if it is to be shown for less than the former.
SHORTEST, USUAL = 0.011, 0.1


def decode_all(content: bytes, max_pixels: int) -> Iterator[Picture]:
    """Decodes a picture file with all its pictures.

    Args:
        content: The file's bytes.
        max_pixels: Most pixels (width times height) of each picture.

    Yields:
        A `Picture` as `ferd.decoding.pictures.decode` returns it: the only one of a file, also of
        HEIC and MPO files; each one of an animation, with its time; each page of a TIFF file
        without a time, except reduced copies and masks.

    Raises:
        BadImage: As `decode`, also after some pictures; or if there are more than 10,000, or they
            have more than 5 x 10^9 pixels together.
    """
    image = _several(content, max_pixels)
    if image is None:
        yield decode(content, max_pixels, may_shrink=True, may_be_cut=True)
        return
    count = 0
    try:
        for picture in _pictures(image, content, max_pixels):
            yield picture
            count += 1
    except BadImage as error:
        reason = f"after {count} pictures, which are used, it {error}" if count else str(error)
        raise BadImage(reason) from error


def _several(content: bytes, max_pixels: int) -> Image.Image | None:
    """Opens a file that holds several pictures; None of any other."""
    if not content.startswith(STARTS) and content[4:8] != b"ftyp":
        return None
    if content.startswith(PNG) and content.find(b"acTL", 0, content.find(b"IDAT")) < 0:
        return None
    with reasons():
        if deep_tags(content):
            return None
        known = check_start(content, max_pixels)
        image = open_picture(content, KINDS, known[:2] if known else None, max_pixels)
        return image if image.format in READ and has_several(image) else None


def _pictures(image: Image.Image, content: bytes, max_pixels: int) -> Iterator[Picture]:
    # What a program shows that knows no animated PNG is no part of the animation.
    place = int(getattr(image, "default_image", False))
    count = total = 0
    seconds = 0.0
    while True:
        with reasons():
            if not _seek(image, place, content):
                return
            place += 1
            if image.format == "TIFF" and _is_copy(image):
                continue
            total += image.width * image.height
            if count >= MAX_PICTURES or total > MAX_TOTAL_PIXELS:
                raise BadImage("holds more pictures, which are left out")
            pixels, notes = _decoded(image, content, max_pixels)
        yield Picture(pixels, notes, seconds=None if image.format == "TIFF" else round(seconds, 6))
        count += 1
        seconds += _duration(image)


def _decoded(
    image: Image.Image, content: bytes, max_pixels: int
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    scale_of(image.width, image.height, max_pixels)
    check_tiles(image, max_pixels)
    load(image)
    scale_of(image.width, image.height, max_pixels)
    return upright(image, content)


def _seek(image: Image.Image, place: int, content: bytes) -> bool:
    """Goes to a picture; returns False after the last one."""
    try:
        image.seek(place)
    except EOFError as error:
        file = getattr(image, "fp", None)
        end = file.tell() if file else 0
        is_cut = image.format == "GIF" and content[end - 1 : end] != GIF_END
        if is_cut or (image.format in COUNTED and place < getattr(image, "n_frames", 1)):
            raise BadImage("is cut off or damaged (pictures are missing)") from error
        return False
    return True


def _is_copy(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(SUBFILE, 0)) & 0b101)


def _duration(image: Image.Image) -> float:
    seconds = float(image.info.get("duration") or 0) / 1000
    return USUAL if seconds < SHORTEST else seconds
