"""ferd.inference.writing.annotated_video: browsers play it, at the right times, with sound by
ffmpeg."""

import os
import subprocess

import cv2
import numpy as np
import pytest

from ferd.inference.reading.frames import Frame
from ferd.inference.reading.media import read_media
from ferd.inference.writing import annotated_video, ffmpeg
from ferd.inference.writing.annotated_video import AnnotatedVideo
from ferd.inference.writing.ffmpeg import FfmpegError
from tests.helpers.predicting import NO_FFMPEG, write_video

needs_ffmpeg = pytest.mark.skipif(
    not ffmpeg.usable(ffmpeg.found()), reason="needs the program ffmpeg, with H.264"
)
SIZE = (96, 64)


def shade(level, size=SIZE):
    return np.full((size[1], size[0], 3), level, np.uint8)


def written(folder, frames, size=SIZE, name="a"):
    """Writes frames; returns the path and what was told."""
    told = []
    video = AnnotatedVideo(lambda end: str(folder / (name + end)), frames[0], size, told.append)
    for frame in frames:
        video.write(frame, frame.pixels)
    video.close()
    return video.path, told


def frames_at(times, rate=10.0, source="clip.avi"):
    """Frames that get lighter, at these times."""
    return [Frame(source, n, shade(20 + 20 * n), rate, time) for n, time in enumerate(times)]


def levels(path):
    """The lightness of a video's frames, by the number of the frame that is shown."""
    return [round((frame.pixels.mean() - 20) / 20) for frame in read_media([path])]


def codec(path):
    number = int(cv2.VideoCapture(str(path), cv2.CAP_FFMPEG).get(cv2.CAP_PROP_FOURCC))
    return number.to_bytes(4, "little").decode()


@pytest.fixture
def no_ffmpeg(monkeypatch):
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a shell script called ffmpeg into the PATH."""

    def put(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "ffmpeg").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "ffmpeg").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return put


def test_without_ffmpeg_a_video_is_webm_and_its_lack_of_sound_is_told(tmp_path, no_ffmpeg, capfd):
    path, told = written(tmp_path, frames_at([0, 0.1, 0.2]))
    assert path.endswith("a.webm") and codec(path) == "VP80" and levels(path) == [0, 1, 2]
    assert [f"ferd: {line}\n" for line in told] == [NO_FFMPEG]
    assert capfd.readouterr() == ("", "")


def test_where_opencv_has_no_vp8_a_video_is_one_that_no_browser_plays(
    tmp_path, no_ffmpeg, monkeypatch
):
    absent = ("XXXX", ".webm", "WebM files")
    monkeypatch.setattr(annotated_video, "CODECS", (absent, annotated_video.CODECS[1]))
    path, (line,) = written(tmp_path, frames_at([0, 0.1]))
    assert path.endswith("a.mp4") and levels(path) == [0, 1]
    assert line.endswith("annotated videos are MPEG-4 files, which no browser plays, without sound")


@pytest.mark.parametrize(
    "times, wanted",
    [
        ([0, 0.1, 0.5, 0.6], [0, 1, 1, 1, 1, 2, 3]),  # frames that stay
        ([0.3, 0.4], [0, 0, 0, 0, 1]),  # the first ones are damaged
        ([0, 0.05, 0.1], [0, 2]),  # more than the rate says
        ([None, None], [0, 1]),
    ],
)
def test_frames_are_shown_at_their_times(tmp_path, no_ffmpeg, times, wanted):
    path, _ = written(tmp_path, frames_at(times))
    assert levels(path) == wanted


def test_a_wrong_time_does_not_fill_the_drive(tmp_path, no_ffmpeg):
    path, _ = written(tmp_path, frames_at([0, 1e7], rate=1.0))
    assert len(levels(path)) == annotated_video.LONGEST_STILL + 2


def test_frames_of_another_size_are_fitted(tmp_path, no_ffmpeg):
    frames = [Frame("a.mp4", n, shade(120, size), 10.0) for n, size in enumerate([SIZE, (80, 80)])]
    path, _ = written(tmp_path, frames)
    assert [frame.pixels.shape for frame in read_media([path])] == [(64, 96, 3)] * 2


def test_a_name_that_is_not_utf_8_is_written(tmp_path, no_ffmpeg):
    path, _ = written(tmp_path, frames_at([0, 0.1]), name=os.fsdecode(b"caf\xe9"))
    assert os.listdir(os.fsencode(tmp_path)) == [b"caf\xe9.webm"] and levels(path) == [0, 1]


def test_an_ffmpeg_that_cannot_encode_h264_is_told(tmp_path, program):
    program("exit 1")
    path, (line,) = written(tmp_path, frames_at([0, 0.1]))
    assert path.endswith("a.webm")
    assert line.startswith("ffmpeg cannot encode H.264: annotated videos are WebM files")


@pytest.mark.parametrize("pixels", [SIZE, (1920, 1080)])
def test_an_ffmpeg_that_fails_is_one_error_with_its_reason(tmp_path, program, pixels):
    program('case "$*" in *null*) ;; *) echo "first" >&2; echo "No space left" >&2; exit 1;; esac')
    frames = [Frame("a.avi", number, shade(9, pixels), 10.0) for number in range(9)]
    with pytest.raises(FfmpegError, match=r"a\.mp4: ffmpeg cannot write .*\(No space left\)"):
        written(tmp_path, frames, pixels)


@needs_ffmpeg
def test_with_ffmpeg_a_video_is_h264_that_browsers_play(tmp_path):
    frames = [Frame("a.avi", n, shade(20 + 20 * n, (95, 63)), 12.5, n / 12.5) for n in range(5)]
    path, told = written(tmp_path, frames, (95, 63))
    assert path.endswith("a.mp4") and told == [] and codec(path) == "h264"
    found = list(read_media([path]))
    assert found[0].pixels.shape == (64, 96, 3) and {frame.rate for frame in found} == {12.5}
    assert [frame.pixels[:60].mean() for frame in found] == pytest.approx(
        [20, 40, 60, 80, 100], abs=3
    )
    content = (tmp_path / "a.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@needs_ffmpeg
@pytest.mark.parametrize(
    "name, sound, wanted",
    [("b.mp4", "aac", "aac"), ("b.avi", "pcm_s16le", "aac"), ("b.mkv", "flac", "flac")],
)
def test_with_ffmpeg_the_sound_is_kept_as_far_as_the_picture_goes(tmp_path, name, sound, wanted):
    clip = write_video(tmp_path / "clip.avi", [shade(90)] * 20, 10.0)
    tone = ["-f", "lavfi", "-i", "sine=duration=2", "-c:v", "copy", "-c:a", sound]
    source = str(tmp_path / name)
    words = ["ffmpeg", "-loglevel", "error", "-i", str(clip), *tone, "-strict", "-2", source]
    subprocess.run(words, check=True)
    path, told = written(tmp_path, frames_at([n / 10 for n in range(10)], source=source))
    assert told == [] and ffmpeg.sound(ffmpeg.found(), path) == wanted
    words = ["ffmpeg", "-hide_banner", "-i", path]
    assert "Duration: 00:00:01.0" in subprocess.run(words, capture_output=True, text=True).stderr
    assert len(levels(path)) == 10
    assert sorted(os.listdir(tmp_path)) == ["a.mp4", name, "clip.avi"]


@needs_ffmpeg
def test_with_ffmpeg_a_silent_source_stays_silent(tmp_path):
    source = write_video(tmp_path / "clip.avi", [shade(90)] * 2)
    path, told = written(tmp_path, frames_at([0, 0.1], source=str(source)))
    assert told == [] and ffmpeg.sound(ffmpeg.found(), path) is None


def test_sound_that_ffmpeg_cannot_copy_leaves_the_video_as_it_is(tmp_path, program):
    program(
        'case "$*" in *copy*) echo "bad sound" >&2; exit 1;; esac\n'
        'echo "  Stream #0:1(und): Audio: aac (LC)" >&2; cat > /dev/null'
    )
    (tmp_path / "clip.avi").write_bytes(b"clip")
    path, (line,) = written(tmp_path, frames_at([0, 0.1], source=str(tmp_path / "clip.avi")))
    assert (
        line == f"{path} has no sound: ffmpeg cannot copy it from {tmp_path}/clip.avi (bad sound)"
    )
    assert sorted(os.listdir(tmp_path)) == ["bin", "clip.avi"]
