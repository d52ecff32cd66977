"""Decodes one photo of unknown origin to upright RGB, or raises a short reason."""

import os
import warnings
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ferd.imaging.images import BadImage

MAX_PIXELS = 50_000_000
# A list, because Pillow would also try formats that start a program (EPS starts Ghostscript).
KINDS = ("JPEG", "PNG", "BMP", "WEBP", "GIF", "TIFF", "PPM")
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_photo(file: BinaryIO, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Decodes a JPEG, PNG, BMP, WebP, GIF, TIFF or PPM file.

    EXIF's orientation is applied. Of 16 bits the high 8 are kept, transparency is ignored, CMYK and
    palettes become RGB, and of an animation the first picture is taken.

    Args:
        file: Binary file, open at its start; it must be seekable.
        max_pixels: Most pixels (width times height) that are decoded.

    Returns:
        uint8 RGB, shape `(height, width, 3)`.

    Raises:
        BadImage: If the file is no image, cut off, damaged or too big; the message is the reason
            without the file's name.
    """
    image = _open(file, max_pixels)
    if image.width * image.height > max_pixels:
        size = f"{image.width} x {image.height} pixels"
        raise BadImage(f"is {size}, more than the {max_pixels:,} allowed (max_pixels)")
    try:
        pixels = _to_rgb(image)
        # Read after the pixels, because Pillow rotates a TIFF itself and then drops the
        # orientation.
        orientation = image.getexif().get(ORIENTATION)
    except Exception as error:  # for damaged data Pillow's decoders raise errors of many types
        raise BadImage(f"is cut off or damaged ({_first_line(error)})") from error
    if orientation in TURNS:
        pixels = np.asarray(Image.fromarray(pixels).transpose(TURNS[orientation]))
    return pixels


def read_photo(path: str | os.PathLike[str], max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Decodes the photo at a path.

    Args:
        path: As in `open`.
        max_pixels: As in `decode_photo`.

    Returns:
        As in `decode_photo`.

    Raises:
        BadImage: As in `decode_photo`, and if the file cannot be opened; the message is the reason
            without the file's name.
    """
    try:
        with open(path, "rb") as file:
            return decode_photo(file, max_pixels)
    except OSError as error:
        raise BadImage(f"cannot be read ({error.strerror or error})") from error


def _open(file: BinaryIO, max_pixels: int) -> Image.Image:
    # Pillow warns of damaged EXIF data, which is harmless, and from 89 million pixels on, where
    # max_pixels decides; from 179 million on it raises an error.
    warnings.filterwarnings("ignore", module="PIL")
    start = file.read(16)
    file.seek(0)
    if not start:
        raise BadImage("is an empty file")
    try:
        return Image.open(file, formats=KINDS)
    except Image.DecompressionBombError as error:
        raise BadImage(f"has more than the {max_pixels:,} pixels allowed (max_pixels)") from error
    except Exception as error:
        raise BadImage(_unknown(start)) from error


def _unknown(start: bytes) -> str:
    """The reason why a file that starts so cannot be read."""
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "is a HEIC image, which is not read here; convert it to JPEG"
    if start[4:12] == b"ftypavif":
        return "is an AVIF image, which is not read here; convert it to JPEG"
    kinds = ", ".join(KINDS)
    return f"is not an image, or damaged at its start (read here: {kinds})"


def _to_rgb(image: Image.Image) -> NDArray[Any]:
    if image.mode == "F":
        raise ValueError("its pixels are floating-point numbers without a range")
    if image.mode.startswith("I"):
        # Pillow would clip 16 bits at 255. Mode I has 16 bits too, in PPM and some PNG files.
        high = np.clip(np.asarray(image).astype("int64") >> 8, 0, 255).astype("uint8")
        return np.repeat(high[..., np.newaxis], 3, axis=2)
    return np.array(image.convert("RGB"))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
