"""Opens a picture file with Pillow and decodes it; every error becomes a short reason."""

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence

from PIL import Image, features

from ferd.decoding.printed import printed_lines
from ferd.decoding.sizes import check_tiles, scale_of
from ferd.imaging.images import BadImage

# Old versions of Pillow do not know the feature, and print that.
HAS_AVIF = "avif" in features.modules and features.check("avif")
# Lists, because Pillow would also try formats that start a program (EPS starts Ghostscript).
STUDY_KINDS = ("JPEG", "PNG", "BMP", "WEBP")
KINDS = (*STUDY_KINDS, "GIF", "TIFF", "PPM", *(["AVIF"] if HAS_AVIF else []))
HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
BITS, PLANES = 258, 284  # tags of a TIFF file
AVIF = (b"avif", b"avis")


@contextlib.contextmanager
def reasons() -> Iterator[None]:
    """Turns every error of a decoder into a `BadImage`."""
    # Pillow warns of damaged EXIF data, which is harmless, and from 89 million pixels on, where
    # max_pixels decides.
    warnings.filterwarnings("ignore", module="PIL")
    try:
        yield
    except BadImage:
        raise
    except MemoryError as error:
        line = "needs more memory than there is (out of memory): see --max-pixels"
        raise BadImage(line) from error
    except Exception as error:
        raise BadImage(f"is cut off or damaged ({_first_line(error)})") from error


def open_picture(
    content: bytes, kinds: Sequence[str], size: tuple[int, int] | None, max_pixels: int | None
) -> Image.Image:
    """Opens a picture without decoding it.

    Args:
        content: The file's bytes.
        kinds: Pillow's names of the formats that are read.
        size: Width and height where they are known already.
        max_pixels: Most pixels; not checked if None.

    Returns:
        Pillow's image.

    Raises:
        BadImage: If it cannot be opened, is too big or has another size than `size`.
    """
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
    return image


def has_several(image: Image.Image) -> bool:
    """Whether a file holds an animation or several pages.

    The further pictures of a camera's MPO file do not count: they are previews or for one eye.
    """
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def load(image: Image.Image) -> None:
    """Decodes an opened picture; what libtiff prints of a TIFF makes it damaged."""
    if image.format != "TIFF":
        image.load()
        return
    _refuse_planes(image)
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


def _refuse_planes(image: Image.Image) -> None:
    """Pillow 13 reads wrong pixels; `ferd.decoding.deep_tiff` reads the first page."""
    tags = getattr(image, "tag_v2", {})
    if tags.get(PLANES) == 2 and len(tags.get(BITS, ())) > 1 and max(tags[BITS]) > 8:
        raise BadImage("has a page whose colours of 16 bits are in planes, which is not read here")


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
