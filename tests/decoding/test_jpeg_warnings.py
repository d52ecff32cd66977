"""ferd.decoding.jpeg_warnings: what libjpeg warns of is a reason to refuse a JPEG."""

import os
import random

import cv2
import numpy as np
import pytest

from ferd.decoding.jpeg_warnings import has_warning
from ferd.decoding.pictures import decode
from ferd.imaging.images import BadImage
from tests.helpers.broken_files import noise, packed, scan_of

SMOOTH = cv2.GaussianBlur(noise(240, 320), (0, 0), 3)
PIECES = [{"progressive": True}, {"restart_marker_blocks": 20}]


def damaged(content, seed):
    """Flips one bit of the image data, and leaves markers as they are."""
    generator, changed = random.Random(seed), bytearray(content)
    start = scan_of(content)[0]
    while True:
        place, bit = generator.randrange(start, len(content) - 2), 1 << generator.randrange(8)
        if 0xFF not in (content[place - 1], content[place], content[place] ^ bit):
            changed[place] ^= bit
            return bytes(changed)


@pytest.mark.parametrize("options", PIECES)
def test_damage_within_pieces_is_noticed_where_libjpeg_warns(options):
    """One bit at a time: Pillow passes over all of it."""
    content = packed(SMOOTH, **options)
    files = [damaged(content, seed) for seed in range(40)]
    warned = [one for one in files if has_warning(one)]
    assert len(warned) > 4
    for one in warned:
        with pytest.raises(BadImage, match="damaged"):
            decode(one, 1_000_000)


@pytest.mark.parametrize("options", [{}, *PIECES])
def test_a_whole_file_has_no_warning_and_nothing_is_printed(options, capfd):
    content = packed(SMOOTH, **options)
    assert not has_warning(content)
    # A later revision of JFIF, which libjpeg warns of, is no damage.
    other = bytearray(content)
    other[11] = 9
    assert content[6:11] == b"JFIF\0" and not has_warning(bytes(other))
    assert capfd.readouterr().err == ""


def test_a_few_bytes_before_the_end_marker_are_the_cameras(capfd):
    content = packed(np.full((64, 64), 90, "uint8"))
    for count, is_warned in ((1, False), (6, False), (40, True)):
        assert has_warning(content[:-2] + b"\x11" * count + content[-2:]) is is_warned
    assert capfd.readouterr().err == ""


def test_other_lines_on_standard_error_stay(capfd):
    from ferd.decoding.jpeg_warnings import WARNING
    from ferd.decoding.printed import printed_lines

    with printed_lines(WARNING) as lines:
        os.write(2, b"Corrupt JPEG data: bad Huffman code\nsomething else\n")
    assert lines == ["Corrupt JPEG data: bad Huffman code"]
    assert capfd.readouterr().err == "something else\n"
