"""ferd.decoding.levels: pixels of more than 8 bits, and floating-point ones, by their range."""

import cv2
import numpy as np
import pytest

from ferd.decoding.pictures import decode
from ferd.decoding.sequences import decode_all
from tests.decoding.test_jpeg_files import PIXELS
from tests.helpers.broken_files import GRAY, packed


def gray_of(levels):
    """The picture that is read of floating-point levels: its levels, and the notes."""
    picture = decode(packed(np.array(levels, "float32"), "TIFF"), PIXELS)
    return picture.pixels[..., 0], picture.notes


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_the_range_of_gray_levels_is_that_of_the_camera(bits, kind):
    deep = GRAY.astype("uint16") << (bits - 8)
    deep[0, 0] = (1 << bits) - 1
    found = decode(packed(deep, kind), PIXELS).pixels[..., 0]
    assert np.array_equal(found.ravel()[1:], GRAY.ravel()[1:])


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_the_range_of_colours_is_that_of_the_camera(suffix, bits, channels):
    colours = np.dstack([GRAY, GRAY[::-1], GRAY.T, GRAY])[..., :channels]
    deep = colours.astype("uint16") << (bits - 8)
    deep[0, 0, :3] = (1 << bits) - 1
    found = decode(cv2.imencode(suffix, deep)[1].tobytes(), PIXELS).pixels
    assert np.array_equal(found[1:], colours[1:, :, 2::-1])


def test_a_picture_of_black_is_black():
    assert not decode(packed(np.zeros((8, 8), "uint16"), "PNG"), PIXELS).pixels.any()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_dark_picture_of_8_bits_keeps_its_levels(kind):
    dark = np.dstack([GRAY // 9] * 3)
    assert np.array_equal(decode(packed(dark, kind), PIXELS).pixels, dark)


def test_each_page_of_a_tiff_has_its_own_levels():
    page = np.dstack([GRAY, GRAY // 2, GRAY // 3]).astype("uint16") << 2
    content = cv2.imencodemulti(".tif", [page, page[::-1].copy()])[1].tobytes()
    first, second = (one.pixels for one in decode_all(content, PIXELS))
    assert np.array_equal(second, first[::-1]) and first.max() == GRAY.max()


@pytest.mark.parametrize("high, scale", [(1, 255), (255, 1), (1023, 255 / 1023), (65535, 1 / 257)])
def test_floating_point_levels_are_scaled_by_their_range(high, scale):
    levels = np.linspace(0, high, 64 * 64, dtype="float32").reshape(64, 64)
    found, notes = gray_of(levels)
    assert np.abs(found - levels * scale).max() <= 1 and notes == ()


def test_floating_point_levels_may_begin_at_minus_1_or_go_a_little_beyond():
    assert gray_of([np.linspace(-1, 1, 256)])[0].ravel().tolist() == [*range(256)]
    found, notes = gray_of([[-0.02, 0, 0.5, 1, 1.04]])
    assert found.tolist() == [[0, 0, 128, 255, 255]] and notes == ()


def test_an_unusual_floating_point_range_is_stretched_and_that_is_said():
    found, notes = gray_of([[-30, 0, 20]])
    assert found.tolist() == [[0, 153, 255]]
    assert notes == ("has floating-point levels from -30 to 20: black to white",)


def test_what_is_no_number_is_black_and_infinity_white():
    assert gray_of([[np.nan, np.inf, -np.inf, 0.2, 1]])[0].tolist() == [[0, 255, 0, 51, 255]]
    assert gray_of([[np.nan, np.nan]])[0].tolist() == [[0, 0]]
    assert gray_of([[-3e38, 3e38]])[0].tolist() == [[0, 255]]
