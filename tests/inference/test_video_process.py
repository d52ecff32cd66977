"""ferd.inference.reading.videos: a decoder that crashes, hangs or grows costs one video's other
frames."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from ferd.cli.main import main
from ferd.inference.reading import captures, videos, watch
from ferd.inference.reading.frames import Frame, Problem
from ferd.inference.reading.media import read_media
from ferd.inference.reading.thinning import ALL, Thinning
from ferd.inference.reading.videos import VideoDecoder, read_video
from ferd.inference.reading.watch import Watch
from tests.helpers.predicting import environment, write_model, write_video
from tests.helpers.sketches import scene
from tests.helpers.videos import turned, zeroed

MOST = 10**6
NOISE = list(np.random.default_rng(0).integers(0, 256, (60, 64, 64), dtype=np.uint8))


@pytest.fixture
def bad(monkeypatch):
    """Has videos be read by one of the bad decoders."""

    def bad(name):
        monkeypatch.setattr(videos, "READER", ("tests.helpers.bad_decoders", name))
        monkeypatch.setattr(videos, "_idle", [])

    return bad


def facts(item):
    if isinstance(item, Problem):
        return item
    return item.source, item.number, item.rate, item.seconds


def pixels(items):
    return [item.pixels for item in items]


def is_running(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends_soon(number):
    end = time.monotonic() + 60
    while is_running(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not is_running(number)


def odd_videos(folder):
    """Whole, turned, cut off and damaged videos, and what is none."""
    whole = write_video(folder / "a.mp4", NOISE)
    yield whole
    yield turned(write_video(folder / "b.mp4", NOISE[:5]), 90)
    yield zeroed(whole, folder / "c.mp4", 0.4)
    yield write_video(folder / "d.mkv", NOISE[:9]).rename(folder / os.fsdecode(b"\xe9.mkv"))
    for number in range(6):
        generator, content = random.Random(number), bytearray(whole.read_bytes())
        for _ in range(60):
            content[generator.randrange(len(content))] = generator.randrange(256)
        (folder / f"e{number}.mp4").write_bytes(content[: len(content) - 3000 * (number % 2)])
        yield folder / f"e{number}.mp4"
    (folder / "f.mp4").write_text("#EXTM3U\n/etc/passwd\n")
    yield folder / "f.mp4"
    yield folder / "gone.mp4"


@pytest.mark.parametrize("thinning", [ALL, Thinning(every=7), Thinning(fps=3)])
def test_the_process_gives_what_opencv_gives_in_this_one(tmp_path, thinning):
    for path in odd_videos(tmp_path):
        here = list(captures.read_video(str(path), MOST, thinning))
        there = list(read_video(str(path), MOST, thinning))
        assert len(here) == len(there) > 0
        assert [facts(item) for item in here] == [facts(item) for item in there]
        if path.name.startswith(("a", "b")):  # of damaged frames FFmpeg guesses pixels anew
            assert all(
                np.array_equal(*one) for one in zip(pixels(here), pixels(there), strict=True)
            )


def test_one_process_reads_many_videos(tmp_path):
    path = str(write_video(tmp_path / "a.avi", NOISE[:3]))
    assert len(list(read_video(path, MOST))) == 3
    (first,) = videos._idle[-1:]
    assert len(list(read_video(path, MOST))) == 3 and videos._idle[-1:] == [first]


def test_a_crash_costs_the_other_frames_of_its_video(bad):
    bad("crashes")
    *frames, problem = read_video("bad.mp4", MOST)
    assert [frame.number for frame in frames] == [0, 1, 2]
    line = "its decoder crashed (SIGSEGV) after 3 frames; the others are not read"
    assert problem == Problem("bad.mp4", line) and videos._idle == []
    assert [frame.number for frame in read_video("good.mp4", MOST)] == [0, 1, 2]


def test_a_crash_is_a_line_and_status_1_and_the_other_files_have_their_rows(
    tmp_path, bad, capsys, monkeypatch
):
    bad("crashes")
    monkeypatch.chdir(tmp_path)
    for name in ("1.mp4", "2bad.mp4", "3.mp4"):
        (tmp_path / name).touch()
    model = write_model(tmp_path / "tiny.onnx")
    assert main(["predict", "1.mp4", "2bad.mp4", "3.mp4", "--model", str(model), "--quiet"]) == 1
    found = capsys.readouterr()
    places = [(row["file"], row["frame"]) for row in map(json.loads, found.out.splitlines())]
    assert places == [(name, n) for name in ("1.mp4", "2bad.mp4", "3.mp4") for n in range(3)]
    line = "its decoder crashed (SIGSEGV) after 3 frames; the others are not read"
    assert found.err == f"ferd: 2bad.mp4: {line}\n"


def test_a_hang_ends_at_the_time_limit():
    decoder = VideoDecoder("tests.helpers.bad_decoders", "hangs")
    found = decoder.read("a.mp4", MOST, ALL)
    assert [next(found).number for _ in range(2)] == [0, 1]
    decoder._seconds = 0.2
    (problem,) = found
    assert problem.message.startswith("its decoder gave no sign of life for 0.2 seconds after 2 fr")
    assert ends_soon(decoder._process.pid)
    decoder.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits it")
def test_too_much_memory_costs_the_other_frames(bad):
    bad("grows")
    *frames, problem = read_video("a.mp4", MOST)
    assert len(frames) == 2 and problem.message == "needs too much memory to decode"
    assert len(list(read_video("a.mp4", MOST))) == 3  # the process has its memory back


@pytest.mark.parametrize(
    "name, message",
    [
        ("ends", "its decoder ended with status 3 (free(): invalid pointer) after 1 frames"),
        ("sends_half_a_frame", "its decoder ended with status 0 (no reason) after 1 frames"),
        ("sends_nonsense", "its decoder crashed (SIGKILL) after 1 frames"),
    ],
)
def test_a_process_that_ends_or_sends_nonsense_is_a_problem(bad, name, message):
    bad(name)
    *frames, problem = read_video("a.mp4", MOST)
    assert len(frames) == 1 and problem.message == f"{message}; the others are not read"


def test_what_a_library_prints_does_not_come_between_the_frames(bad):
    bad("prints")
    assert [frame.pixels.max() for frame in read_video("a.mp4", MOST)] == [0, 1]


def test_a_mistake_in_the_code_is_an_error_and_no_unreadable_video(bad):
    bad("is_wrong")
    with pytest.raises(RuntimeError, match="ValueError: a mistake of ours"):
        list(read_video("a.mp4", MOST))


def test_a_decoder_that_cannot_be_started_is_a_problem(monkeypatch):
    monkeypatch.setattr(videos, "_idle", [])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (problem,) = read_video("a.mp4", MOST)
    assert problem.message.startswith("cannot be read (its decoder does not start: No such file")


def test_a_reader_that_stops_early_ends_the_process(tmp_path, monkeypatch):
    monkeypatch.setattr(videos, "_idle", [])
    started = []
    monkeypatch.setattr(
        videos, "VideoDecoder", lambda *words: started.append(VideoDecoder(*words)) or started[0]
    )
    frames = read_media([write_video(tmp_path / "a.avi", NOISE * 20)])
    assert isinstance(next(frames), Frame) and is_running(started[0]._process.pid)
    frames.close()
    assert not is_running(started[0]._process.pid) and videos._idle == []


def test_a_forked_process_does_not_share_the_decoder(tmp_path, monkeypatch):
    assert len(list(read_video(str(write_video(tmp_path / "a.avi", NOISE[:3])), MOST))) == 3
    owner = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: owner + 1)
    assert not videos._idle[-1].is_usable()


def test_signs_of_life_come_at_most_each_second(monkeypatch):
    times = iter([0.0, 0.5, 1.1, 1.1, 1.2, 2.0, 2.2, 2.2])
    monkeypatch.setattr(watch, "time", type("", (), {"monotonic": lambda: next(times)}))
    limits, sent = [], []
    monkeypatch.setattr(watch, "limit_data", limits.append)
    one = Watch(sent.append)
    for _ in range(5):
        one.grabbed()
    assert sent == [{"kind": "beat"}] * 2
    one.opened(10**6)
    assert limits[0] >= 1 << 30 and limits[1] - limits[0] >= 24 * 3 * 10**6


PARENT = """
import os, signal, sys
from ferd.inference.reading import videos
found = videos.read_video(sys.argv[1], 10**6)
decoder = videos.VideoDecoder(*videos.READER)
videos._idle.append(decoder)
next(found)
print(decoder._process.pid, flush=True)
if sys.argv[2] == "dies":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks into /proc")
@pytest.mark.parametrize("way", ["dies", "ends"])
def test_the_process_ends_with_its_parent_whatever_ends_that(tmp_path, way):
    path = write_video(tmp_path / "a.avi", [scene(seed, 320) for seed in range(3)] * 100)
    words = [sys.executable, "-c", PARENT, str(path), way]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == (-signal.SIGKILL if way == "dies" else 0) and done.stderr == ""
    assert ends_soon(int(done.stdout))
