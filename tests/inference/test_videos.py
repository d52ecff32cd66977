"""ferd.inference.reading.media: frames of videos and cameras, and one line for an unreadable
video."""

import os
import time
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from ferd.inference.reading import captures
from ferd.inference.reading.media import Frame, Problem, read_media
from ferd.inference.reading.photos import MAX_PIXELS
from tests.helpers.predicting import write_video
from tests.helpers.videos import at_times, shortened, turned, zeroed


def read(*names, **options):
    return list(read_media(names, **options))


def read_here(path):
    """Reads a video in this process, where OpenCV can be replaced."""
    return list(captures.read_video(str(path), MAX_PIXELS))


def only_problem(*names, **options):
    """The message of the one problem that reading gives."""
    (problem,) = read(*names, **options)
    assert isinstance(problem, Problem) and "\n" not in problem.message
    return problem.message


@pytest.mark.parametrize("suffix", [".mp4", ".avi", ".MKV"])
def test_a_video_gives_its_frames_in_order_and_its_rate(tmp_path, suffix):
    frames = [np.full((64, 96), 20 * number, np.uint8) for number in range(1, 11)]
    path = write_video(tmp_path / f"clip1{suffix}", frames, rate=12.5)
    found = read(path)
    assert [frame.number for frame in found] == list(range(10))
    assert {frame.rate for frame in found} == {12.5} and found[0].pixels.shape == (64, 96, 3)
    levels = [frame.pixels.mean() for frame in found]
    assert levels == pytest.approx([20 * number for number in range(1, 11)], abs=5)


def test_a_video_keeps_its_colours_in_the_order_red_green_blue(tmp_path):
    red = np.full((64, 64, 3), (230, 40, 10), np.uint8)
    (frame,) = read(write_video(tmp_path / "a.avi", [red]))
    assert frame.pixels.mean(axis=(0, 1)) == pytest.approx([230, 40, 10], abs=6)


def test_a_video_without_frames_and_a_file_that_is_none_are_refused(tmp_path):
    (tmp_path / "clip1.mp4").write_bytes(b"no video\0")
    assert only_problem(f"{tmp_path}/clip1.mp4") == "is no video, or has no frames"
    whole = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)] * 3)
    (tmp_path / "head.avi").write_bytes(whole.read_bytes()[:5000])
    assert only_problem(f"{tmp_path}/head.avi") == "is no video, or has no frames"


def test_a_video_cut_off_gives_its_frames_and_then_says_so(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (90, 64, 64), dtype=np.uint8)
    whole = write_video(tmp_path / "a.avi", list(noise))
    content = whole.read_bytes()
    (tmp_path / "half.avi").write_bytes(content[: len(content) // 2])
    *frames, problem = read(tmp_path / "half.avi")
    assert 30 < len(frames) < 60 and all(isinstance(frame, Frame) for frame in frames)
    assert problem.message == f"the video is cut off after {len(frames)} of 90 frames"
    assert len(read(whole)) == 90


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_video_damaged_in_the_middle_is_read_to_its_end(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (90, 64, 64), dtype=np.uint8)
    whole = write_video(tmp_path / f"a{suffix}", list(noise))
    wanted = read(whole)
    part = 0.5 if suffix == ".mp4" else 0.35  # of a Matroska file, more than a second
    *frames, problem = read(zeroed(whole, tmp_path / f"b{suffix}", part))
    assert 30 < len(frames) < 90 and all(isinstance(frame, Frame) for frame in frames)
    lost = 90 - len(frames)
    assert problem.message == f"the video is damaged: {lost} of 90 frames cannot be read"
    assert frames[-1].seconds == wanted[-1].seconds == 3.56
    assert np.array_equal(frames[-1].pixels, wanted[-1].pixels)
    if suffix == ".mp4":  # FFmpeg does not say what it skips of a Matroska file
        assert frames[-1].number == 89
        assert all(frame.seconds == wanted[frame.number].seconds for frame in frames)


def test_times_are_the_streams_own_where_its_rate_varies(tmp_path):
    frames = [np.full((64, 96), 20 * number, np.uint8) for number in range(1, 6)]
    whole = write_video(tmp_path / "a.mkv", frames)
    found = read(at_times(whole, [0, 40, 500, 510, 9000]))
    assert [frame.seconds for frame in found] == [0.0, 0.04, 0.5, 0.51, 9.0]


def test_a_video_that_is_damaged_and_cut_off_says_both(tmp_path, monkeypatch):
    grabbed = iter([False, True, False, False, True] + [False] * 20_000)
    values = {cv2.CAP_PROP_FPS: 1.0, cv2.CAP_PROP_FRAME_COUNT: 9.0}
    stamps = iter([1000.0, 4000.0])
    capture = SimpleNamespace(
        get=lambda key: next(stamps) if key == cv2.CAP_PROP_POS_MSEC else values.get(key, 0.0),
        set=lambda key, value: True,
        grab=lambda: next(grabbed),
        retrieve=lambda: (True, np.zeros((4, 4, 3), np.uint8)),
        release=lambda: None,
    )
    path = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)])
    monkeypatch.setattr(cv2, "VideoCapture", lambda *words: capture)
    *frames, problem = read_here(path)
    assert [(frame.number, frame.seconds) for frame in frames] == [(1, 1.0), (4, 4.0)]
    words = "the video is cut off after 5 of 9 frames, and 3 of them cannot be read"
    assert problem.message == words


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_video_taken_sideways_is_turned_upright(tmp_path, degrees):
    upright = np.zeros((64, 96), np.uint8)
    upright[:20, :20] = 250
    stored = np.rot90(upright, degrees // 90)  # to be turned clockwise by so much
    path = write_video(tmp_path / "a.mp4", [np.ascontiguousarray(stored)])
    (frame,) = read(turned(path, degrees))
    assert frame.pixels.shape == (64, 96, 3)
    assert np.abs(frame.pixels[..., 0].astype(int) - upright).mean() < 6


def test_a_video_that_is_to_be_mirrored_is_not_turned_upside_down(tmp_path):
    upright = np.zeros((64, 96), np.uint8)
    upright[:20, :20] = 250
    (frame,) = read(turned(write_video(tmp_path / "a.mp4", [upright]), "mirrored"))
    assert np.abs(frame.pixels[..., 0].astype(int) - upright).mean() < 6


def test_a_video_whose_name_is_not_utf_8_is_read(tmp_path):
    name = os.fsdecode(b"caf\xe9.mp4")
    write_video(tmp_path / "a.mp4", [np.zeros((64, 64), np.uint8)] * 3).rename(tmp_path / name)
    found = read(tmp_path / name)
    assert [(one.source, one.number) for one in found] == [
        (str(tmp_path / name), number) for number in range(3)
    ]


def test_a_video_whose_end_was_cut_off_by_an_edit_is_whole(tmp_path):
    frames = [np.zeros((64, 64), np.uint8)] * 60
    found = read(shortened(write_video(tmp_path / "a.mp4", frames), 1.0))
    assert all(isinstance(item, Frame) for item in found) and 24 <= len(found) <= 27


def test_a_frame_that_opencv_refuses_ends_its_video_with_a_line(tmp_path, monkeypatch):
    path = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)] * 3)
    convert = cv2.cvtColor
    monkeypatch.setattr(cv2, "cvtColor", lambda pixels, code: convert(pixels[:0], code))
    (problem,) = read_here(path)
    assert problem.message.startswith("OpenCV cannot decode its frame 0 (!_src.empty()")


@pytest.mark.parametrize("version", [4, 5])
def test_opencv_is_silenced_where_each_version_has_the_function(tmp_path, monkeypatch, version):
    levels = []
    logging = SimpleNamespace(setLogLevel=levels.append)
    monkeypatch.delattr(cv2, "setLogLevel", raising=False)
    if version == 4:
        monkeypatch.setattr(cv2, "setLogLevel", levels.append, raising=False)
        monkeypatch.delattr(cv2.utils, "logging", raising=False)
    else:
        monkeypatch.setattr(cv2.utils, "logging", logging, raising=False)
    path = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)])
    assert isinstance(read_here(path)[0], Frame) and levels == [0]


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)]).rename("http:b.avi")
    assert [item.source for item in read("http:b.avi")] == ["http:b.avi"]
    assert isinstance(read("http:b.avi")[0], Frame)


def test_a_video_of_huge_frames_is_refused(tmp_path):
    path = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)])
    message = only_problem(str(path), max_pixels=4095)
    assert message == "its frames exceed the 4,095 pixels allowed (--max-pixels)"


def test_a_camera_is_read_until_it_stops_and_let_go_when_the_reader_stops(monkeypatch):
    released = []

    class Camera:
        def __init__(self, number):
            assert number == 3

        def get(self, key):
            return 0.0

        def set(self, key, value):
            return False

        def grab(self):
            return True

        def retrieve(self):
            return True, np.zeros((4, 4, 3), np.uint8)

        def release(self):
            released.append(True)

    monkeypatch.setattr(cv2, "VideoCapture", Camera)
    times = iter([100.0, 100.5, 101.5, 104.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    frames = read_media(["camera:3"])
    found = [next(frames) for _ in range(3)]
    assert [(one.number, one.seconds) for one in found] == [(0, 0.5), (1, 1.5), (2, 4.0)]
    assert not released
    frames.close()
    assert released
