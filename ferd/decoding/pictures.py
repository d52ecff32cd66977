"""Decodes one picture of unknown origin to upright RGB, or raises a short reason.

What a file claims is checked before Pillow opens it, its size before pixels are allocated, and what
was decoded once more. The study reads its images here, and so do `ferd predict` and `ferd serve`.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, features

from ferd.decoding.jpeg_damage import is_damaged
from ferd.decoding.jpeg_structure import Jpeg
from ferd.decoding.levels import to_rgb
from ferd.decoding.printed import printed_lines
from ferd.decoding.sizes import check_start, check_tiles, scale_of
from ferd.imaging.images import BadImage

# Old versions of Pillow do not know the feature, and print that.
HAS_AVIF = "avif" in features.modules and features.check("avif")
# Lists, because Pillow would also try formats that start a program (EPS starts Ghostscript).
STUDY_KINDS = ("JPEG", "PNG", "BMP", "WEBP")
KINDS = (*STUDY_KINDS, "GIF", "TIFF", "PPM", *(["AVIF"] if HAS_AVIF else []))
HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
AVIF = (b"avif", b"avis")
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


class Picture(NamedTuple):
    """A decoded picture.

    Args:
        pixels: uint8 RGB, shape `(height, width, 3)`.
        notes: What was left out of it, a line each.
    """

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...] = ()


def decode(
    content: bytes, max_pixels: int, kinds: Sequence[str] = KINDS, may_shrink: bool = False
) -> Picture:
    """Decodes a picture file.

    EXIF's orientation is applied, transparency is ignored, CMYK and palettes become RGB.

    Args:
        content: The file's bytes.
        max_pixels: Most pixels (width times height) that are decoded.
        kinds: Pillow's names of the formats that are read.
        may_shrink: Decode a bigger JPEG at a half, quarter or eighth of its size.

    Returns:
        A `Picture`; of an animation or several pages the first one.

    Raises:
        BadImage: If the file is no picture, cut off, damaged or too big; the message is the reason
            without the file's name.
    """
    if not content:
        raise BadImage("is an empty file")
    with _reasons():
        known = check_start(content, max_pixels)
        size = known[:2] if known else None
        is_jpeg = isinstance(known, Jpeg) and may_shrink
        scale = scale_of(*size, max_pixels, is_jpeg) if size else 1
        image, notes = _open(content, kinds, size, max_pixels if scale == 1 else None)
        if scale > 1:
            notes += _shrink(image, scale, max_pixels)
        _load(image)
        scale_of(image.width, image.height, max_pixels)  # once more: decoders may change the size
        if isinstance(known, Jpeg) and scale == 1 and is_damaged(content, known, image):
            raise BadImage("is damaged (its image data does not fit its size)")
        pixels = to_rgb(image)
        # Read after the pixels, because Pillow rotates a TIFF itself and then drops the
        # orientation.
        turn = TURNS.get(image.getexif().get(ORIENTATION, 0))
    if turn is not None:
        pixels = np.asarray(Image.fromarray(pixels).transpose(turn))
    return Picture(pixels, notes)


def _open(
    content: bytes, kinds: Sequence[str], size: tuple[int, int] | None, max_pixels: int | None
) -> tuple[Image.Image, tuple[str, ...]]:
    """Opens a picture without decoding it; also returns a note if it is one of several."""
    _register_heic(content)
    try:
        image = Image.open(io.BytesIO(content), formats=_with_heic(kinds))
    except MemoryError:
        raise
    except Image.DecompressionBombError as error:
        raise BadImage("has more pixels than Pillow opens (178,956,970); shrink it") from error
    except Exception as error:  # for damaged data Pillow raises errors of many types
        raise BadImage(_unknown(content[:16], kinds)) from error
    if max_pixels is not None:
        scale_of(image.width, image.height, max_pixels)
        check_tiles(image, max_pixels)
    if size and size != image.size:
        raise BadImage("is damaged (it has two sizes)")
    has_more = image.format != "MPO" and getattr(image, "is_animated", False)
    return image, ("holds several pictures; only the first one is used",) if has_more else ()


def _load(image: Image.Image) -> None:
    """Decodes a picture; what libtiff prints of a TIFF makes it damaged."""
    if image.format != "TIFF":
        image.load()
        return
    reason: Exception | None = None
    with printed_lines() as lines:
        try:
            image.load()
        except Exception as error:
            reason = error
    if lines:
        raise BadImage(f"is cut off or damaged ({lines[0]})") from reason
    if reason:
        raise reason


def _shrink(image: Image.Image, scale: int, max_pixels: int) -> tuple[str, ...]:
    width, height = image.size
    image.draft(None, (max(1, width // scale), max(1, height // scale)))
    return (
        f"is {width} x {height} pixels, more than the {max_pixels:,} of --max-pixels; it is read "
        f"at 1/{scale} of its size, and boxes are in pixels of that",
    )


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Turns every error of a decoder into a `BadImage`."""
    # Pillow warns of damaged EXIF data, which is harmless, and from 89 million pixels on, where
    # max_pixels decides.
    warnings.filterwarnings("ignore", module="PIL")
    try:
        yield
    except BadImage:
        raise
    except MemoryError as error:
        raise BadImage("needs more memory than there is; see --max-pixels") from error
    except Exception as error:
        raise BadImage(f"is cut off or damaged ({_first_line(error)})") from error


def _register_heic(content: bytes) -> None:
    if content[4:8] == b"ftyp" and content[8:12] in HEIC and "HEIF" not in Image.OPEN:
        with contextlib.suppress(ImportError):
            import pillow_heif

            pillow_heif.register_heif_opener()


def _with_heic(kinds: Sequence[str]) -> list[str]:
    is_read = "HEIF" in Image.OPEN and set(kinds) > set(STUDY_KINDS)
    return [*kinds, "HEIF"] if is_read else list(kinds)


def _unknown(start: bytes, kinds: Sequence[str]) -> str:
    """The reason why a file that starts so cannot be read."""
    if start[4:8] == b"ftyp" and start[8:12] in HEIC and "HEIF" not in Image.OPEN:
        return "is a HEIC image; pip install 'ferd[heic]', or convert it to JPEG"
    if start[4:8] == b"ftyp" and start[8:12] in AVIF:
        reason = "damaged at its start" if "AVIF" in kinds else "which is not read here"
        return f"is an AVIF image, {reason}; convert it to JPEG"
    names = ", ".join(kinds)
    return f"is not an image, or damaged at its start (read here: {names})"


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
