"""JPEG files without their last bytes: the rest is read, and what is missing is said."""

import numpy as np
import pytest

from ferd.decoding.pictures import decode
from tests.decoding.test_jpeg_files import PIXELS, refusal
from tests.helpers.broken_files import noise, packed, scan_of

SMOOTH = np.kron(noise(30, 30), np.ones((10, 10, 1), "uint8"))


def read(content, size=PIXELS):
    return decode(content, size, may_shrink=True, may_be_cut=True)


@pytest.mark.parametrize("options", [{}, {"restart_marker_blocks": 7}, {"quality": 95}])
@pytest.mark.parametrize("size", [70_000, PIXELS])
def test_the_rest_is_read(options, size):
    content = packed(SMOOTH, **options)
    start, end = scan_of(content)
    whole, cut = read(content, size).pixels, content[: start + (end - start) * 4 // 5]
    picture = read(cut, size)
    percent = int(picture.damage.split("missing from ")[1].split("%")[0])
    assert picture.damage.startswith("is cut off: the picture is missing") and 65 < percent < 90
    rows = int(len(whole) * percent / 100) - 16
    assert np.array_equal(picture.pixels[:rows], whole[:rows])


def test_it_is_refused_where_it_may_not_be_cut_or_more_than_half_is_missing():
    content = packed(SMOOTH)
    start, end = scan_of(content)
    cuts = [content[: start + (end - start) * part // 10] for part in (2, 4, 8)]
    assert all("is cut off" in refusal(cut, may_shrink=True) for cut in cuts)
    assert all("more than half" in refusal(cut, may_be_cut=True) for cut in cuts[:2])


@pytest.mark.parametrize("count", [1, 2])
def test_without_its_end_marker_it_is_complete(count):
    content = packed(SMOOTH)
    picture = read(content[:-count])
    assert picture.damage == "is cut off: its end marker is missing, and the picture is complete"
    assert np.array_equal(picture.pixels, read(content).pixels)
    assert read(content).damage == ""


def test_zeros_at_its_end_are_not_its_data():
    content = packed(SMOOTH)
    cut = content[: len(content) * 4 // 5]
    assert read(cut + bytes(9000)).damage == read(cut).damage != ""


def test_of_a_progressive_one_the_first_scans_are_needed():
    content = packed(SMOOTH, progressive=True)
    last = content.rindex(b"\xff\xda")
    assert read(content[: (last + 3 * len(content)) // 4]).damage.startswith(
        "is cut off: details are missing from "
    )
    second = content.index(b"\xff\xda", content.index(b"\xff\xda") + 2)
    assert "more than half" in refusal(content[: second + 400], may_be_cut=True)


def test_what_is_damaged_otherwise_is_refused():
    content = packed(noise())
    end = scan_of(content)[1]
    assert "does not fit" in refusal(content[: end - 40] + content[end:], may_be_cut=True)
    assert "is cut off" in refusal(content[:300], may_be_cut=True)
