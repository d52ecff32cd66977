"""Files other than JPEG: contradictory ones are refused, of several pictures the first is read."""

import os
import struct
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from ferd.decoding import pictures
from ferd.decoding.pictures import KINDS, STUDY_KINDS, decode
from ferd.decoding.printed import printed_lines
from ferd.imaging.images import BadImage
from tests.decoding.test_jpeg_files import PIXELS, refusal
from tests.helpers.broken_files import GRAY, animated_png, chunk, packed, png
from tests.helpers.predicting import environment

MANY = {"save_all": True, "append_images": [Image.fromarray(255 - GRAY)]}


def test_a_whole_png_passes():
    assert decode(png(), PIXELS).pixels[3, :, 0].tolist() == list(range(8))
    assert decode(animated_png(8, 8), PIXELS).pixels.shape == (8, 8, 3)


@pytest.mark.parametrize(
    "place", [(9, 8), (8, 9), (4, 4), (0, 8), (30_000, 30_000), (8, 8, 1, 0), (8, 8, 0, 2**31)]
)
def test_a_frame_that_contradicts_the_picture_is_refused(place):
    assert "frame's size contradicts" in refusal(animated_png(*place))


@pytest.mark.parametrize(
    "content, reason",
    [
        (png(filter_byte=9), "is cut off or damaged"),
        (png(data=bytes(20)), "is cut off or damaged"),
        (png()[:-12], "last chunk is missing"),
        (png()[:60], "a checksum is wrong"),
        (png(before=[png()[8:33]]), "header chunk"),
        (png()[:8] + chunk(b"IDAT") + png()[8:], "header chunk"),
        (png()[:33] + chunk(b"IEND"), "no image data"),
        (png()[:8] + chunk(b"IHDR", bytes(12)) + png()[33:], "another length"),
        (png(0, 8), "no size"),
        (png(before=[chunk(b"fcTL", b"x")]), "frame header"),
    ],
)
def test_contradictory_pngs_are_refused(content, reason):
    assert reason in refusal(content)


def test_every_changed_byte_of_a_png_is_noticed():
    whole = packed(GRAY, "PNG")
    for place in range(8, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        assert refusal(bytes(damaged))


def test_a_webp_canvas_is_checked_before_it_is_allocated(monkeypatch):
    content = bytearray(packed(GRAY, "WEBP", **MANY))
    assert content[12:16] == b"VP8X"
    content[24:30] = b"\xff\x3f\x00\xff\x3f\x00"
    monkeypatch.setattr(pictures.Image, "open", None)
    assert "16384 x 16384" in refusal(bytes(content))


def test_a_tiff_of_huge_tiles_is_refused():
    content = packed(GRAY, "TIFF")
    entries = struct.unpack("<H", content[8:10])[0]
    tags = content[10 : 10 + 12 * entries]
    # Of the same length: two tags that a decoder does not need become the sides of a tile.
    kept = [tags[at : at + 12] for at in range(0, len(tags), 12)]
    sides = [struct.pack("<HHII", tag, 4, 1, 60_000) for tag in (322, 323)]
    changed = sorted(kept[:-2] + sides, key=lambda tag: struct.unpack("<H", tag[:2]))
    content = content[:10] + b"".join(changed) + content[10 + 12 * entries :]
    assert "tiles of 60000 x 60000" in refusal(content)


@pytest.mark.parametrize("comment", [b"#\n" * 100_000, b"#" + b"x" * 100_000 + b"\n"])
def test_a_ppm_of_comments_is_refused_unread(comment):
    whole = b"P5\n# made by hand\n64 64\n255\n" + GRAY.tobytes()
    assert decode(whole, PIXELS).pixels.shape == (64, 64, 3)
    assert "comments" in refusal(b"P5\n" + comment + whole[3:])


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP", "AVIF"])
def test_of_several_pictures_the_first_is_read_and_that_is_said(kind):
    if kind not in KINDS:
        pytest.skip("this Pillow reads no AVIF")
    several = decode(packed(GRAY, kind, **MANY), PIXELS)
    assert several.notes == ("holds several pictures; only the first one is used",)
    assert np.abs(several.pixels[..., 0].astype(int) - GRAY).mean() < 8
    assert decode(packed(GRAY, kind), PIXELS).notes == ()


@pytest.mark.skipif(not pictures.HAS_AVIF, reason="this Pillow reads no AVIF")
def test_avif_is_read():
    found = decode(packed(GRAY, "AVIF", quality=95), PIXELS).pixels
    assert np.abs(found[..., 0].astype(int) - GRAY).mean() < 3


def test_the_study_reads_its_own_kinds_alone():
    for kind in ("GIF", "TIFF", "PPM"):
        content = packed(GRAY, kind)
        assert decode(content, PIXELS).pixels.shape == (64, 64, 3)
        assert "is not an image" in refusal(content, kinds=STUDY_KINDS)


def test_out_of_memory_is_called_that(monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(pictures.Image, "open", fail)
    assert refusal(packed()).startswith("needs more memory than there is (out of memory)")


def test_an_error_of_the_decoder_is_one_line(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("one\ntwo")

    monkeypatch.setattr(pictures, "to_rgb", fail)
    with pytest.raises(BadImage, match=r"^is cut off or damaged \(one\)$"):
        decode(packed(), PIXELS)


def test_what_libtiff_prints_is_the_reason_and_is_not_printed(capfd):
    content = bytearray(packed(GRAY, "TIFF", compression="tiff_lzw"))
    assert decode(bytes(content), PIXELS).pixels.shape == (64, 64, 3)
    content[60:400] = b"\xa5" * 340
    message = refusal(bytes(content))
    assert message.startswith("is cut off or damaged (") and message.endswith(".)")
    assert capfd.readouterr().err == ""


def test_what_others_print_meanwhile_is_passed_on(capfd):
    with printed_lines() as lines:
        os.write(2, b"LZWDecode: Not enough data.\n10%|###\rsome text\n")
        os.write(2, b"ferd: a line\n")
    assert lines == ["LZWDecode: Not enough data."]
    assert capfd.readouterr().err == "10%|###\rsome text\nferd: a line\n"


def test_what_pillow_logs_is_not_printed():
    """In a process of its own: pytest collects what is logged here."""
    content = bytearray(packed(np.repeat(GRAY[..., np.newaxis], 3, axis=2), "TIFF"))
    (start,) = struct.unpack("<I", content[4:8])
    entry = content.index(struct.pack("<H", 277), start)  # samples per pixel
    content[entry + 8 : entry + 10] = struct.pack("<H", 2048)
    script = "import sys; from ferd.decoding import pictures as p"
    script += "; p.decode(sys.stdin.buffer.read(), 10_000)"
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, input=bytes(content), env=environment(), capture_output=True)
    assert b"BadImage" in done.stderr and b"More samples per pixel" not in done.stderr
