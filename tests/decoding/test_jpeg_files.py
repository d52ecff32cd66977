"""JPEG files: whole ones pass every check, contradictory and damaged ones are refused."""

import io

import numpy as np
import pytest
from PIL import Image

from ferd.decoding.jpeg_structure import MAX_SCANS, check_jpeg
from ferd.decoding.pictures import decode
from ferd.imaging.images import BadImage
from tests.helpers.broken_files import (
    GRAY,
    frame_header,
    noise,
    packed,
    scan_of,
    segment,
    with_first,
)

WHOLE = packed()
PIXELS = 10**6


def refusal(content, max_pixels=PIXELS, **options):
    with pytest.raises(BadImage) as error:
        decode(content, max_pixels, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("pixels", [GRAY, noise(63, 41), np.full((50, 50, 3), 128, "uint8")])
@pytest.mark.parametrize("gray", [0, 128, 255, None])
@pytest.mark.parametrize(
    "options",
    [
        {"quality": 30},
        {"quality": 100, "subsampling": 0},
        {"subsampling": 1},
        {"progressive": True},
        {"optimize": True},
        {"restart_marker_blocks": 3},
        {"restart_marker_rows": 1},
        {"progressive": True, "restart_marker_blocks": 5},
        {"comment": b"\xff\xc0\x00\x00\xff\xd9"},
        {"exif": b"Exif\x00\x00" + WHOLE},
    ],
)
def test_whole_files_of_every_kind_pass(pixels, gray, options):
    if gray is not None:
        pixels = np.full_like(pixels, gray)
    content = packed(pixels, **options)
    assert decode(content, PIXELS).pixels.shape[:2] == pixels.shape[:2]
    # What follows the end marker, as in phones' moving photos, is no part of the picture.
    assert decode(content + b"\x00more", PIXELS).pixels.shape[:2] == pixels.shape[:2]


def test_fill_bytes_before_a_marker_are_allowed():
    assert check_jpeg(with_first(WHOLE, b"\xff\xff\xff")).width == 64


@pytest.mark.parametrize(
    "content, reason",
    [
        # A decoder that takes 0xFF00 for a segment skips the real frame header after it.
        (with_first(WHOLE, b"\xff\x00\x00\x10" + frame_header(30_000, 30_000)), "out of place"),
        (WHOLE[:20] + b"junk" + WHOLE[20:], "bytes between its segments"),
        (with_first(WHOLE, frame_header(64, 64)), "two frame headers"),
        (with_first(WHOLE, frame_header(30_000, 30_000)), "two frame headers"),
        (with_first(WHOLE, segment(0xC0, b"\x08\x00")), "another length"),
        (with_first(WHOLE, frame_header(0, 64)), "gives no size"),
        (with_first(WHOLE, b"\xff\xe0\x00\x01"), "a segment does not fit"),
        (with_first(WHOLE, b"\xff\xe0\xff\xff"), "a segment does not fit"),
        (WHOLE[:-2], "is cut off"),
        (WHOLE[:-1], "is cut off"),
        (WHOLE[:300], "is cut off"),
        (WHOLE[:2] + b"\xff\xd9", "no image data"),
        (b"\xff\xd8\xff", "is cut off"),
    ],
)
def test_contradictory_files_are_refused(content, reason):
    assert reason in refusal(content)


def test_the_size_that_is_decoded_is_the_size_that_is_checked():
    """A tiny file of a huge picture is refused before its pixels are allocated."""
    start = WHOLE.index(b"\xff\xc0")
    huge = WHOLE[:start] + frame_header(30_000, 30_000) + WHOLE[start + 13 :]
    assert "too little image data" in refusal(huge, 10**10)
    padded = huge[:-2] + bytes(4_000_000) + huge[-2:]
    assert "30000 x 30000 pixels" in refusal(padded)


def test_thousands_of_scans_are_refused_unread():
    content = packed(GRAY, progressive=True)
    last = content.rindex(b"\xff\xda")
    scan = content[last:-2]
    assert decode(content, PIXELS).pixels.any()
    assert "scans" in refusal(content[:-2] + scan * MAX_SCANS + b"\xff\xd9")
    empty = segment(0xDA, b"\x01\x01\x00\x01\x05\x10")
    assert "scans" in refusal(content[:-2] + empty * 30_000 + b"\xff\xd9")


def test_missing_restart_markers_are_noticed():
    content = packed(GRAY, restart_marker_blocks=8)
    first = content.index(b"\xff\xd0", scan_of(content)[0])
    assert "restart markers" in refusal(content[:first] + content[first + 2 :])
    assert "restart markers" in refusal(content[: first + 1] + b"\xd3" + content[first + 2 :])


@pytest.mark.parametrize("pixels", [noise(), noise(channels=1), noise(90, 30)])
@pytest.mark.parametrize("count", [8, 40, 400])
def test_image_data_that_ends_early_or_late_is_noticed(pixels, count):
    content = packed(pixels)
    end = scan_of(content)[1]
    less = content[: end - count] + content[end:]
    more = content[:end] + bytes(count) + content[end:]
    for damaged in (less, more):
        with Image.open(io.BytesIO(damaged)) as image:
            image.load()  # Pillow alone takes it
        assert "does not fit its size" in refusal(damaged)


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 8}])
def test_image_data_in_pieces_that_end_late_is_noticed(options):
    content = packed(noise(), **options)
    end = len(content) - 2 if "progressive" in options else content.index(b"\xff\xd0")
    assert "does not fit its size" in refusal(content[: end - 30] + content[end:])


def test_a_big_jpeg_is_read_at_less_than_its_size_and_says_so():
    content = packed(noise(400, 600), quality=90)
    picture = decode(content, 70_000, may_shrink=True)
    assert picture.pixels.shape == (200, 300, 3)
    (note,) = picture.notes
    assert "600 x 400" in note and "70,000 of --max-pixels" in note and "1/2" in note
    assert decode(content, 4000, may_shrink=True).pixels.shape == (50, 75, 3)
    assert "600 x 400" in refusal(content, 3000, may_shrink=True)
    assert "600 x 400" in refusal(content, 70_000)
    assert decode(content, 240_000, may_shrink=True).notes == ()
