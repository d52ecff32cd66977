"""ferd.inference.reading.mp4: the length that a movie is shown, of whole, long and broken files."""

import struct

import numpy as np
import pytest

from ferd.inference.reading.mp4 import MOST_BOXES, is_mirrored, shown_seconds
from tests.helpers.predicting import write_video
from tests.helpers.videos import TURNS, shortened, turned


def box(kind, content):
    return struct.pack(">I", 8 + len(content)) + kind + content


HEADER = box(b"mvhd", struct.pack(">4xIIII", 0, 0, 600, 1500))
LONG_HEADER = box(b"mvhd", struct.pack(">B3xQQIQ", 1, 0, 0, 600, 1500))


def written(folder, content):
    (folder / "a.mp4").write_bytes(content)
    return str(folder / "a.mp4")


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_the_length_is_that_of_the_video(tmp_path, suffix):
    path = write_video(tmp_path / f"a{suffix}", [np.zeros((64, 64), np.uint8)] * 30, rate=12.0)
    assert shown_seconds(str(path)) == pytest.approx(2.5)
    assert shown_seconds(str(shortened(path, 1.5))) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "content",
    [
        box(b"ftyp", b"isom") + box(b"moov", HEADER),
        box(b"moov", box(b"free", b"") + LONG_HEADER),
        struct.pack(">I4sQ", 1, b"mdat", 20) + b"    " + box(b"moov", HEADER),
        struct.pack(">I4s", 0, b"moov") + HEADER,
    ],
)
def test_all_forms_of_boxes_are_read(tmp_path, content):
    assert shown_seconds(written(tmp_path, content)) == 2.5


@pytest.mark.parametrize(
    "turn, wanted", [("mirrored", True), *((n, False) for n in (90, 180, 270))]
)
def test_a_mirrored_picture_is_told_from_a_turned_one(tmp_path, turn, wanted):
    path = write_video(tmp_path / "a.mp4", [np.zeros((64, 64), np.uint8)])
    assert not is_mirrored(str(path)) and is_mirrored(str(turned(path, turn))) == wanted


def test_the_picture_counts_and_not_the_sound_and_broken_files_are_not_mirrored(tmp_path):
    sound = box(b"tkhd", struct.pack(">40x9i2I", *TURNS["mirrored"], 0, 0))
    picture = box(b"tkhd", struct.pack(">B51x9i2I", 1, *TURNS["mirrored"], 64 << 16, 64 << 16))
    tracks = box(b"trak", sound), box(b"trak", picture)
    assert not is_mirrored(written(tmp_path, box(b"moov", tracks[0])))
    assert is_mirrored(written(tmp_path, box(b"moov", b"".join(tracks))))
    assert not is_mirrored(written(tmp_path, box(b"moov", box(b"trak", picture[:60]))))
    assert not is_mirrored(str(tmp_path / "gone.mp4"))


def test_a_file_that_cannot_be_read_has_none(tmp_path):
    assert shown_seconds(str(tmp_path / "gone.mp4")) is shown_seconds(str(tmp_path)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF\x10\x20\0\0AVI LIST",
        box(b"moov", b""),
        box(b"moov", HEADER)[:20],
        box(b"moov", HEADER[:-4] + bytes(4)),
        struct.pack(">I4s", 7, b"free") + box(b"moov", HEADER),
        struct.pack(">I4sQ", 1, b"free", 0) + box(b"moov", HEADER),
        box(b"free", b"") * MOST_BOXES + box(b"moov", HEADER),
    ],
)
def test_other_and_broken_files_have_none(tmp_path, content):
    assert shown_seconds(written(tmp_path, content)) is None
