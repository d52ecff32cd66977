"""ferd.inference.media: frames of videos and cameras, and one line for an unreadable video."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from ferd.inference.media import Frame, Problem, read_media
from tests.helpers.predicting import save, write_video


def read(*names, **options):
    return list(read_media(names, **options))


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
    (tmp_path / "clip1.mp4").write_text("no video")
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


def test_a_frame_that_opencv_refuses_ends_its_video_alone(tmp_path, monkeypatch):
    write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)] * 3)
    save(tmp_path / "b.png")
    convert = cv2.cvtColor
    monkeypatch.setattr(cv2, "cvtColor", lambda pixels, code: convert(pixels[:0], code))
    problem, photo = read(tmp_path)
    assert problem.message.startswith("OpenCV cannot decode its frame 0 (!_src.empty()")
    assert isinstance(photo, Frame) and photo.source == str(tmp_path / "b.png")


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
    assert isinstance(read(path)[0], Frame) and levels == [0]


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)]).rename("http:b.avi")
    assert [item.source for item in read("http:b.avi")] == ["http:b.avi"]
    assert isinstance(read("http:b.avi")[0], Frame)


def test_a_video_of_huge_frames_is_refused(tmp_path):
    path = write_video(tmp_path / "a.avi", [np.zeros((64, 64), np.uint8)])
    message = only_problem(str(path), max_pixels=4095)
    assert message == "its frames exceed the 4,095 pixels allowed (max_pixels)"


def test_a_camera_is_read_until_it_stops_and_let_go_when_the_reader_stops(monkeypatch):
    released = []

    class Camera:
        def __init__(self, number):
            assert number == 3

        def get(self, key):
            return 0.0

        def read(self):
            return True, np.zeros((4, 4, 3), np.uint8)

        def release(self):
            released.append(True)

    monkeypatch.setattr(cv2, "VideoCapture", Camera)
    frames = read_media(["camera:3"])
    assert [next(frames).number for _ in range(3)] == [0, 1, 2] and not released
    frames.close()
    assert released
