"""Notices damaged image data in a JPEG file that decoders fill up or pass over in silence.

A damaged code makes the decoder lose its place: it needs more data than there is, and fills the
rest with gray, or it has all its blocks before the data ends. libjpeg warns of both, but Pillow
does not pass that on. So the data is decoded again with other bytes after its end, which must
change nothing, and with other last bytes, which must change something. Where that shows nothing
(the data is in pieces, or its last block is flat), OpenCV's libjpeg is asked for its warnings. What
libjpeg does not warn of is not noticed either: JPEG has no checksum.
"""

import io

from PIL import Image, ImageChops

from ferd.decoding.jpeg_structure import RESTART, Jpeg
from ferd.decoding.jpeg_warnings import has_warning

END = b"\xff\xd9"
PADDING = b"\x5a\xa5\x33\xcc\x69\x96" * 8
# Three, because one could happen to stand for the same pixels.
OTHER_ENDS = (b"\x5a\xa5\x33\xcc", b"\x12\x48\xd3\x77", b"\xe1\x0f\x98\x41")
BAND = 256  # rows of pixels that are compared at a time


def is_damaged(content: bytes, jpeg: Jpeg, image: Image.Image) -> bool:
    """Whether the image data of a JPEG file ends too early or too late for its size.

    Args:
        content: The file's bytes.
        jpeg: Its structure.
        image: The decoded picture.

    Returns:
        Whether it is damaged for certain.
    """
    if not _is_same(_padded(content, jpeg), image):
        return True
    # Of a flat block, other codes may be without effect.
    if not jpeg.is_plain or _is_flat(image):
        return has_warning(content)
    start, end = jpeg.scans[0]
    # The last byte of 0xFF00 must not be left behind alone.
    cut = end - len(OTHER_ENDS[0])
    cut -= content[cut - 1] == 0xFF
    if cut <= start:
        return False
    others = (content[:cut] + other + content[end:] for other in OTHER_ENDS)
    return all(_is_same(other, image) for other in others)


def without_end(content: bytes, jpeg: Jpeg) -> bytes:
    """Ends a JPEG file that is cut off after the last byte of its image data."""
    # A file that was not copied to its end may be filled up with zeros. 0xFF begins a marker.
    return content[: jpeg.scans[-1][1]].rstrip(b"\0").rstrip(b"\xff") + END


def whole_rows(content: bytes, jpeg: Jpeg, image: Image.Image) -> int:
    """Counts the rows of pixels, from the top, before the first that is wrong for missing data.

    Args:
        content: The file, as `without_end` returns it.
        jpeg: Its structure, before that.
        image: The picture that is decoded of it, at any scale.

    Returns:
        The number of rows; all if only the end marker was missing.
    """
    other = _decoded(content[: -len(END)] + PADDING + END, image.size)
    for top in range(0, image.height, BAND):
        band = (0, top, image.width, min(image.height, top + BAND))
        difference = ImageChops.difference(image.crop(band), other.crop(band))
        if found := difference.getbbox():
            return top + found[1]
    return image.height


def _decoded(content: bytes, size: tuple[int, int]) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(content), formats=["JPEG"])
    image.draft(None, size)
    image.load()
    return image


def _padded(content: bytes, jpeg: Jpeg) -> bytes:
    """The file with bytes that no block needs before each restart and after each scan."""
    pieces, position = [], 0
    for start, end in jpeg.scans:
        data = RESTART.sub(lambda marker: PADDING + marker[0], content[start:end])
        pieces += [content[position:start], data, PADDING]
        position = end
    return b"".join([*pieces, content[position:]])


def _is_flat(image: Image.Image) -> bool:
    left, top = ((side - 1) // 8 * 8 for side in image.size)
    return len(image.crop((left, top, *image.size)).getcolors() or ()) == 1


def _is_same(content: bytes, image: Image.Image) -> bool:
    """Whether a file holds the picture."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as other:
            other.load()
    except (OSError, SyntaxError, ValueError):
        return False
    # From the end, where damage shows.
    for bottom in range(image.height, 0, -BAND):
        band = (0, max(0, bottom - BAND), image.width, bottom)
        if image.crop(band).tobytes() != other.crop(band).tobytes():
            return False
    return True
