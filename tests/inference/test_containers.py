"""ferd.inference.reading.containers: videos are known by their bytes; what names other files is
none."""

import os

import cv2
import numpy as np
import pytest

from ferd.inference.reading.captures import read_video
from ferd.inference.reading.containers import (
    A_TEXT,
    ELSEWHERE,
    HEAD,
    NO_VIDEO,
    OPTIONS,
    VARIABLE,
    container,
    refusal,
)
from ferd.inference.reading.media import Problem, read_media
from tests.helpers.predicting import write_video
from tests.helpers.videos import alias, boxed, continued, referring

FRAMES = [np.zeros((64, 64), np.uint8)] * 3
PACKET = b"\x47\x40\x00\x10\x00" + bytes(183)
KINDS = [
    (b"\0\0\0\x18ftypmp42", "MP4 or QuickTime"),
    (b"\0\0\0\x18ftyp3gp4", "MP4 or QuickTime"),
    (b"\0\0\0\x14ftypqt  ", "MP4 or QuickTime"),
    (b"\0\0\x10\0moov\0\0\0\x6cmvhd", "MP4 or QuickTime"),
    (b"RIFF\x10\x20\0\0AVI LIST", "AVI"),
    (b"\x1a\x45\xdf\xa3\x9f\x42", "Matroska or WebM"),
    (b"FLV\x01\x05", "FLV"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "ASF"),
    (b"OggS\0\x02", "Ogg"),
    (b"\x00\x00\x01\xba\x44", "MPEG program stream"),
    (PACKET * 8, "MPEG transport stream"),
    (b"\0\0\0\0".join([b"", *[PACKET] * 8]), "MPEG transport stream"),
]
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{name}\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize("head, name", KINDS)
def test_containers_are_known_by_their_first_bytes(head, name):
    assert container(head) == name


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".avi", ".mkv", ".ts", ".mpg"])
def test_what_opencv_writes_is_taken(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (20, 64, 64), dtype=np.uint8)
    path = write_video(tmp_path / f"a{suffix}", list(noise))
    assert refusal(str(path)) is None and len(list(read_media([path]))) == 20


@pytest.mark.parametrize(
    "content",
    [
        PLAYLIST,
        "ffconcat version 1.0\nfile {name}\n",
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
        '<?xml version="1.0"?><MPD><BaseURL>{name}</BaseURL></MPD>',
        "[playlist]\nFile1={name}\n",
        "\ufeff" + PLAYLIST,
    ],
)
@pytest.mark.parametrize("suffix", [".mp4", ".ts"])
def test_a_text_that_names_another_video_is_refused(tmp_path, content, suffix):
    other = write_video(tmp_path / "other.ts", FRAMES)
    path = tmp_path / f"list{suffix}"
    path.write_text(content.format(name=other), encoding="utf-8")
    assert list(read_media([path])) == [Problem(str(path), A_TEXT)]


@pytest.mark.parametrize("start", [b"\0\0\0\x18ftypmp42", b"\x00\x00\x01\xba\x44", PACKET * 8])
def test_a_container_with_a_manifest_inside_is_refused(tmp_path, start):
    for manifest in (b"\nc=IN IP4 10.0.0.1\n", b"<MPD xmlns='urn:mpeg:dash:schema'>"):
        assert container(start + manifest) is None
        (tmp_path / "a.mp4").write_bytes(start + manifest)
        assert refusal(str(tmp_path / "a.mp4")) == A_TEXT


def test_text_in_the_shape_of_a_transport_stream_is_none():
    assert container((b"G" + b"x" * 187) * 8) is None
    assert container(b"G" * 2000) is None


@pytest.mark.parametrize("content", [b"\0", b"\xff\xd8\xff\xe0", b"\0\0\0\x0cftypjp2 "])
def test_other_files_are_no_video(tmp_path, content):
    (tmp_path / "a.mp4").write_bytes(content)
    assert refusal(str(tmp_path / "a.mp4")) == NO_VIDEO


def test_an_empty_and_an_unreadable_file_say_so(tmp_path):
    (tmp_path / "a.mp4").touch()
    assert refusal(str(tmp_path / "a.mp4")) == "is an empty file"
    assert refusal(str(tmp_path)) == "cannot be read (Is a directory)"


@pytest.mark.parametrize("before", [None, "hwaccel;none"])
def test_ffmpeg_itself_is_restricted_while_a_video_is_opened_and_no_longer(
    tmp_path, monkeypatch, before
):
    monkeypatch.delenv(VARIABLE, raising=False)
    if before:
        monkeypatch.setenv(VARIABLE, before)
    seen, opened = [], cv2.VideoCapture

    def spy(*words):
        seen.append(os.environ[VARIABLE])
        return opened(*words)

    monkeypatch.setattr(cv2, "VideoCapture", spy)
    assert len(list(read_video(str(write_video(tmp_path / "a.avi", FRAMES)), 10**6))) == 3
    assert seen == [f"{before}|{OPTIONS}" if before else OPTIONS]
    assert os.environ.get(VARIABLE) == before


def test_no_more_is_read_than_ffmpeg_probes(tmp_path):
    path = write_video(tmp_path / "a.avi", FRAMES)
    with open(path, "ab") as file:
        os.truncate(path, 1 << 30)  # sparse: a gigabyte of zeros
        file.write(b"\nc=IN IP4 10.0.0.1")
    assert HEAD == 1 << 20 and refusal(str(path)) is None


OTHERS = {
    "url": boxed(b"url ", bytes(4) + b"other.mp4\0"),
    "urn": boxed(b"urn ", bytes(4) + b"name\0other.mp4\0"),
    "alias": alias(b"other.mp4"),
    "second": boxed(b"url ", b"\0\0\0\1") + alias(b"other.mp4"),
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_a_movie_whose_frames_lie_in_another_file_is_refused(tmp_path, kind, suffix):
    write_video(tmp_path / "other.mp4", FRAMES)
    path = referring(write_video(tmp_path / f"a{suffix}", FRAMES), OTHERS[kind])
    assert list(read_media([path])) == [Problem(str(path), ELSEWHERE)]


@pytest.mark.parametrize("flags", [b"\0\0\0\1", bytes(4)])
def test_a_movie_that_refers_to_itself_is_read(tmp_path, flags):
    path = referring(write_video(tmp_path / "a.mp4", FRAMES), boxed(b"url ", flags))
    assert len(list(read_media([path]))) == 3


def test_ffmpeg_does_not_open_what_a_movie_names(tmp_path, monkeypatch):
    """Of a movie with a packed header the names are not seen here: FFmpeg must not follow them."""
    monkeypatch.setattr("ferd.inference.reading.containers.names_others", lambda path: False)
    light = [np.full((64, 64), 200, np.uint8)] * 3
    write_video(tmp_path / "other.mp4", light)
    path = referring(write_video(tmp_path / "a.mov", FRAMES), alias(b"other.mp4"))
    monkeypatch.setenv(VARIABLE, "enable_drefs;1")
    assert list(read_video(str(path), 10**6)) == [Problem(str(path), NO_VIDEO)]


def test_a_matroska_file_that_another_continues_is_read_alone(tmp_path):
    write_video(tmp_path / "b.mkv", [np.full((64, 64), 200, np.uint8)] * 3)
    path = continued(write_video(tmp_path / "a.mkv", FRAMES), b"b.mkv")
    assert [frame.pixels.max() < 100 for frame in read_media([path])] == [True] * 3
