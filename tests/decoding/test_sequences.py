"""ferd.decoding.sequences: animations and files of several pages, one picture at a time."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from ferd.decoding import sequences
from ferd.decoding.pictures import KINDS, decode
from ferd.decoding.sequences import decode_all
from ferd.imaging.images import BadImage
from tests.decoding.test_jpeg_files import PIXELS
from tests.helpers.broken_files import GRAY, packed

SHADES = [GRAY, 255 - GRAY, GRAY.T.copy()]
LAST = [Image.fromarray(shade) for shade in SHADES[1:]]
TIMED = [kind for kind in ("GIF", "PNG", "WEBP", "AVIF") if kind in KINDS]


def animation(kind, duration=(80, 200, 40), **options):
    return packed(GRAY, kind, save_all=True, append_images=LAST, duration=list(duration), **options)


def read(content):
    """The pictures up to an error, and the error's message."""
    found = []
    try:
        for picture in decode_all(content, PIXELS):
            found.append(picture)
    except BadImage as error:
        return found, str(error)
    return found, None


@pytest.mark.parametrize("kind", TIMED)
def test_each_picture_of_an_animation_comes_with_its_time(kind):
    found, error = read(animation(kind))
    assert error is None and [one.seconds for one in found] == [0, 0.08, 0.28]
    for picture, shade in zip(found, SHADES, strict=True):
        assert np.abs(picture.pixels[..., 0].astype(int) - shade).mean() < 8
        assert picture.notes == () and picture.damage == ""


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_pictures_that_show_for_no_time_show_for_a_tenth_of_a_second(kind):
    assert [one.seconds for one in read(animation(kind, (0, 10, 20)))[0]] == [0, 0.1, 0.2]


def test_the_pages_of_a_tiff_have_sizes_and_modes_of_their_own_and_no_time():
    pages = [Image.new("RGB", (20, 10), "red"), Image.fromarray(GRAY.astype("float32") / 255)]
    found, error = read(packed(GRAY, "TIFF", save_all=True, append_images=pages))
    assert error is None and [one.seconds for one in found] == [None] * 3
    assert [one.pixels.shape for one in found] == [(64, 64, 3), (10, 20, 3), (64, 64, 3)]
    assert np.array_equal(found[2].pixels, found[0].pixels)


def test_a_reduced_copy_in_a_tiff_is_no_page():
    small = Image.fromarray(GRAY).resize((16, 16))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    content = packed(GRAY, "TIFF", save_all=True, append_images=[small])
    found, error = read(content)
    assert error is None and len(found) == 1
    assert Image.open(io.BytesIO(content)).n_frames == 2


def test_what_an_animated_png_shows_elsewhere_is_no_part_of_the_animation():
    found, error = read(animation("PNG", (100, 100), default_image=True))
    assert error is None and [one.seconds for one in found] == [0, 0.1]
    assert np.array_equal(found[0].pixels[..., 0], SHADES[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_one_picture_gives_what_decode_gives(kind):
    (picture,), error = read(packed(GRAY, kind))
    assert error is None and picture.seconds is None
    assert np.array_equal(picture.pixels, decode(packed(GRAY, kind), PIXELS).pixels)


def test_the_pictures_before_the_damage_are_read():
    content = animation("GIF")
    found, error = read(content[: int(0.9 * len(content))])
    assert len(found) == 2 and error.startswith("after 2 pictures, which are used, it is cut off")
    found, error = read(content[:-1])
    assert len(found) == 3 and error.endswith("(pictures are missing)")
    content = packed(GRAY, "TIFF", save_all=True, append_images=LAST)
    found, error = read(content[: int(0.6 * len(content))])
    assert len(found) >= 1 and error is not None


def test_a_png_that_promises_more_pictures_is_damaged():
    content = bytearray(animation("PNG"))
    place = content.index(b"acTL")
    content[place + 4 : place + 8] = struct.pack(">I", 9)
    found, error = read(with_checksum(content, place))
    assert len(found) == 3 and "is cut off or damaged" in error


def with_checksum(content, place):
    import zlib

    content[place + 12 : place + 16] = struct.pack(">I", zlib.crc32(content[place : place + 12]))
    return bytes(content)


def test_a_page_that_is_too_big_ends_the_file():
    content = packed(GRAY, "TIFF", save_all=True, append_images=[Image.new("L", (2000, 2000))])
    found, error = read(content)
    assert len(found) == 1 and "2000 x 2000 pixels, more than the 1,000,000" in error


@pytest.mark.parametrize("name, most", [("MAX_PICTURES", 2), ("MAX_TOTAL_PIXELS", 2 * 64 * 64)])
def test_the_number_of_pictures_is_bounded_and_that_is_said(monkeypatch, name, most):
    monkeypatch.setattr(sequences, name, most)
    found, error = read(animation("GIF"))
    assert len(found) == 2
    assert error == "after 2 pictures, which are used, it holds more pictures, which are left out"


def test_memory_is_flat():
    shades = [Image.fromarray(np.full((500, 500), 3 * n, "uint8")) for n in range(60)]
    content = packed(np.zeros((500, 500), "uint8"), "GIF", save_all=True, append_images=shades)
    tracemalloc.start()
    try:
        assert sum(1 for _ in decode_all(content, PIXELS)) >= 60
        assert tracemalloc.get_traced_memory()[1] < 20 * 500 * 500
    finally:
        tracemalloc.stop()
