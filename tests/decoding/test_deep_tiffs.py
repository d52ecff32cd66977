"""ferd.decoding.deep_tiff: TIFF files that Pillow does not read, or reads wrongly."""

import struct
import zlib

import numpy as np
import pytest

from ferd.decoding.pictures import SEVERAL, decode
from ferd.decoding.sequences import decode_all
from tests.decoding.test_jpeg_files import PIXELS, refusal
from tests.helpers.broken_files import GRAY

COLOURS = np.dstack([GRAY, GRAY.T, GRAY[::-1]])


def tiff(levels, order="<", planes=1, compression=1, more=0, **tags):
    """A TIFF file of one strip, or one for each plane."""
    levels = levels.astype(levels.dtype.newbyteorder(order))
    channels = levels.shape[2] if levels.ndim == 3 else 1
    parts = [levels[..., n] for n in range(channels)] if planes == 2 else [levels]
    strips = [part.tobytes() for part in parts]
    if compression == 8:
        strips = [zlib.compress(strip) for strip in strips]
    places = [8 + sum(map(len, strips[:number])) for number in range(len(strips))]
    fields = {
        256: [levels.shape[1]],
        257: [levels.shape[0]],
        258: [8 * levels.dtype.itemsize] * channels,
        259: [compression],
        262: [2 if channels > 2 else 1],
        273: places,
        277: [channels],
        278: [levels.shape[0]],
        279: [len(strip) for strip in strips],
        284: [planes],
        339: [3 if levels.dtype.kind == "f" else 1] * channels,
    } | {int(name[1:]): [value] for name, value in tags.items()}
    start = 8 + sum(map(len, strips))
    after, entries, extra = start + 2 + 12 * len(fields) + 4, b"", b""
    for tag, values in sorted(fields.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            extra, packed = extra + packed, struct.pack(f"{order}I", after + len(extra))
        entries += struct.pack(f"{order}HHI", tag, 4, len(values)) + packed
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start)
    count, end = struct.pack(f"{order}H", len(fields)), struct.pack(f"{order}I", more)
    return head + b"".join(strips) + count + entries + end + extra


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planes", [1, 2])
@pytest.mark.parametrize("compression", [1, 8])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_floating_point_colours_are_read(dtype, compression, planes, order):
    content = tiff((COLOURS / 255).astype(dtype), order, planes, compression)
    (picture,) = decode_all(content, PIXELS)
    assert np.array_equal(picture.pixels, COLOURS) and picture.notes == ()


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_floating_point_gray_levels_are_read(dtype):
    found = decode(tiff((GRAY / 255).astype(dtype)), PIXELS).pixels
    assert np.array_equal(found, np.dstack([GRAY] * 3))


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_colours_of_16_bits_in_planes_are_those_of_the_file(bits):
    deep = COLOURS.astype("u2") << (bits - 8)
    assert np.array_equal(decode(tiff(deep, planes=2), PIXELS).pixels, COLOURS)


def test_the_orientation_is_undone_and_further_pages_are_told():
    content = tiff(COLOURS.astype("f4"), more=8, t274=6)
    picture = decode(content, PIXELS)
    assert np.array_equal(picture.pixels, np.rot90(COLOURS, -1)) and picture.notes == (SEVERAL,)


@pytest.mark.parametrize(
    "content, reason",
    [
        (tiff(COLOURS.astype("f4"), compression=5), "is a TIFF file whose levels are compressed"),
        (tiff(COLOURS.astype("f4"), t317=3), "is a TIFF file whose levels are compressed"),
        (tiff(COLOURS.astype("f4"), t279=9), "is cut off or damaged"),
        (tiff(COLOURS.astype("f4"), t257=65), "is cut off or damaged"),
        (tiff(COLOURS.astype("f4"), t273=2**31), "is cut off or damaged"),
        (tiff(COLOURS.astype("f4"), compression=8, t279=900), "is cut off or damaged"),
        (tiff(COLOURS.astype("f4"), t258=24), "unusual widths"),
        (tiff(np.zeros((700, 800, 3), "f8")), "in 13,440,000 bytes, too many (--max-pixels)"),
        (tiff(COLOURS.astype("f4"), t257=2**30), "1073741824 pixels, more than the"),
    ],
)
def test_damaged_and_unusual_files_are_refused(content, reason):
    assert reason in refusal(content)
