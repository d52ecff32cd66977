"""ferd.inference.writing.annotated_folder: photos keep their names, no file is overwritten."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image

from ferd.inference.reading.media import Frame, read_media
from ferd.inference.writing.annotate import annotate
from ferd.inference.writing.annotated_folder import AnnotatedFolder


@pytest.fixture(autouse=True)
def without_ffmpeg(monkeypatch):
    monkeypatch.setenv("PATH", "")


PIXELS = np.full((360, 480, 3), (200, 120, 40), np.uint8)
FACES = [SimpleNamespace(left=100, top=100, right=200, bottom=200)]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def add(folder, *frames):
    with AnnotatedFolder(folder) as annotated:
        for frame in frames:
            annotated.add(frame, FACES, ["happy 90%"])


def test_a_photo_keeps_its_name_and_is_the_annotated_frame(tmp_path):
    add(tmp_path / "deep" / "out", Frame("photos/a.png", 0, PIXELS))
    written = np.asarray(Image.open(tmp_path / "deep" / "out" / "a.png"))
    assert np.array_equal(written, annotate(PIXELS, FACES, ["happy 90%"]))


@pytest.mark.parametrize("name", ["a.jpg", "b.JPEG", "c.webp", "d.bmp", "e.tif"])
def test_the_usual_kinds_are_written_as_such(tmp_path, name):
    add(tmp_path, Frame(name, 0, PIXELS))
    written = np.asarray(Image.open(tmp_path / name)).astype(int)
    assert np.abs(written - annotate(PIXELS, FACES, ["happy 90%"])).mean() < 3


def test_other_names_become_png(tmp_path):
    sources = ("a.gif", "b", "-", "camera.ppm")
    add(tmp_path, *(Frame(source, 0, PIXELS) for source in sources))
    assert names(tmp_path) == ["a.gif.png", "b.png", "camera.ppm.png", "photo.png"]


def test_equal_names_are_numbered_and_nothing_is_written_over(tmp_path):
    (tmp_path / "a.png").write_bytes(b"an original")
    add(tmp_path, *(Frame(f"{folder}/a.png", 0, PIXELS) for folder in "xyz"))
    assert names(tmp_path) == ["a-2.png", "a-3.png", "a-4.png", "a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"an original"


def test_a_video_becomes_one_file_of_the_same_rate_and_length(tmp_path):
    add(tmp_path, *(Frame("clips/a.avi", number, PIXELS, 12.5) for number in range(8)))
    assert names(tmp_path) == ["a.webm"]
    frames = list(read_media([tmp_path / "a.webm"]))
    assert len(frames) == 8 and frames[0].rate == 12.5
    wanted = annotate(PIXELS, FACES, ["happy 90%"]).astype(int)
    assert np.abs(frames[3].pixels - wanted).mean() < 6


def test_videos_and_photos_after_each_other_are_kept_apart(tmp_path):
    frames = [Frame("a.mp4", number, PIXELS, 25.0) for number in range(3)]
    camera = [Frame("camera:0", number, PIXELS, 25.0) for number in range(2)]
    add(tmp_path, *frames, Frame("b.png", 0, PIXELS), *frames, *camera)
    assert names(tmp_path) == ["a-2.webm", "a.webm", "b.png", "camera-0.webm"]
    counts = [len(list(read_media([tmp_path / name]))) for name in ("a.webm", "a-2.webm")]
    assert counts == [3, 3]


def test_a_video_is_complete_even_if_the_work_is_broken_off(tmp_path):
    with pytest.raises(KeyboardInterrupt), AnnotatedFolder(tmp_path) as annotated:
        for number in range(5):
            annotated.add(Frame("a.mp4", number, PIXELS, 25.0), FACES, ["sad 50%"])
        raise KeyboardInterrupt
    assert len(list(read_media([tmp_path / "a.webm"]))) == 5


def test_files_that_cannot_be_written_are_named_once_and_the_others_are_written(
    tmp_path, monkeypatch
):
    closed = SimpleNamespace(isOpened=lambda: False, release=lambda: None)
    monkeypatch.setattr(cv2, "VideoWriter", lambda *_: closed)
    told = []
    frames = [Frame("a.mp4", number, PIXELS, 25.0) for number in range(3)]
    long = np.zeros((2, 17_000, 3), np.uint8)
    with AnnotatedFolder(tmp_path, told.append) as annotated:
        for frame in [*frames, Frame("b.webp", 0, long), Frame("c.png", 0, PIXELS)]:
            annotated.add(frame, FACES, ["happy 90%"])
    assert annotated.problems == len(told) == 2 and names(tmp_path)[-1] == "c.png"
    video, photo = told
    assert video.startswith("a.mp4: the annotated file cannot be written (")
    assert video.endswith("a.mp4: OpenCV cannot write this video)")
    assert photo.startswith("b.webp: the annotated file cannot be written (")


def test_an_ffmpeg_that_fails_at_the_end_of_a_video_is_one_problem(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    script = 'case "$*" in *null*) ;; *) cat > /dev/null; echo "No space left" >&2; exit 1;; esac'
    (tmp_path / "bin" / "ffmpeg").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bin" / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    told = []
    with AnnotatedFolder(tmp_path / "out", told.append) as annotated:
        annotated.add(Frame("a.mp4", 0, PIXELS, 25.0), FACES, ["sad 50%"])
    assert annotated.problems == 1 and "No space left" in told[0]
