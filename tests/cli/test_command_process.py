"""The command `ferd` as a process: its signals, pipes, memory, start and imports."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from ferd.inference.reading.media import read_media
from ferd.inference.writing import ffmpeg
from tests.helpers.predicting import (
    NO_FFMPEG,
    environment,
    heed_ctrl_c,
    save,
    started,
    write_model,
    write_video,
)
from tests.helpers.sketches import scene


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.mark.parametrize("stop, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("path, suffix", [("", ".webm"), (os.environ["PATH"], ".mp4")])
def test_rows_come_while_the_rest_is_still_read_and_a_stop_leaves_a_readable_video(
    tmp_path, model, stop, status, path, suffix
):
    if path and not ffmpeg.usable(ffmpeg.found()):
        pytest.skip("needs the program ffmpeg, with H.264")
    frames = [scene(seed, 320) for seed in range(3)] * 100
    write_video(tmp_path / "long.avi", frames)
    words = started(model, "long.avi", "--batch-size", 1, "--annotated", "out")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(PATH=path), preexec_fn=heed_ctrl_c, **pipes
    ) as process:
        for number in range(3):
            assert json.loads(process.stdout.readline())["frame"] == number
        assert process.poll() is None
        process.send_signal(stop)
        lines = process.stdout.read().splitlines()
        assert process.stderr.read().decode() == ("" if path else NO_FFMPEG)
    assert process.returncode == status
    (video,) = (tmp_path / "out").iterdir()
    assert video.name == f"long{suffix}"
    # A row is written before its picture.
    assert 2 <= len(list(read_media([video]))) <= 3 + len(lines) < 300


def test_a_closed_pipe_ends_quietly(tmp_path, model):
    write_video(tmp_path / "long.avi", [scene(seed, 64) for seed in range(3)] * 100)
    words = started(model, "long.avi", "--batch-size", 1)
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


PEAK = """
import resource, sys
from ferd.cli.main import main
assert main(sys.argv[1:]) == 0
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_megabytes(folder, model, *words):
    words = [*words, "--whole-image", "--model", str(model), "--output", "rows"]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words],
        cwd=folder,
        env=environment(PATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) / 1024


def test_a_video_of_300_frames_takes_the_memory_of_one_of_60(tmp_path, model):
    frame = np.full((480, 640), 90, np.uint8)
    write_video(tmp_path / "short.avi", [frame] * 60)
    write_video(tmp_path / "long.avi", [frame] * 300)
    short = peak_megabytes(tmp_path, model, "predict", "short.avi", "--annotated", "out")
    assert len((tmp_path / "rows").read_text().splitlines()) == 60
    long = peak_megabytes(tmp_path, model, "predict", "long.avi", "--annotated", "out")
    assert len((tmp_path / "rows").read_text().splitlines()) == 300
    assert long < short + 40  # the 240 frames more are 221 MB


def test_an_evaluation_of_200_photos_takes_the_memory_of_one_of_40(tmp_path, model):
    for name, count in (("short", 40), ("long", 200)):
        for number in range(count):
            pixels = np.full((1000, 1000), number, np.uint8)
            save(tmp_path / name / "sad" / f"{number}.png", pixels)
    short = peak_megabytes(tmp_path, model, "evaluate", "short")
    long = peak_megabytes(tmp_path, model, "evaluate", "long")
    assert long < short + 40  # the 160 photos more are 480 MB


WITHOUT_THE_STUDY = """
import sys
BANNED = {"tensorflow", "keras", "pandas", "sklearn", "scipy", "pycaret", "yaml", "onnx"}
BANNED |= {"distributed", "dask", "pyarrow"}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BANNED:
            raise AssertionError(name + " is imported")
sys.meta_path.insert(0, Refuse())
from ferd.cli.main import main
assert main(sys.argv[1:]) == 0
assert not BANNED & {name.split(".")[0] for name in sys.modules}
"""


def test_a_prediction_needs_none_of_the_studys_packages(tmp_path, model):
    save(tmp_path / "a.png")
    words = ["predict", "a.png", "--annotated", "out", "--model", str(model)]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_STUDY, *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "") and len(done.stdout.splitlines()) == 2


def test_an_evaluation_needs_none_of_the_studys_packages(tmp_path, model):
    save(tmp_path / "set" / "sad" / "a.png")
    words = ["evaluate", "set", "--output", "scores.json", "--model", str(model)]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_STUDY, *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "") and "accuracy" in done.stdout


NETWORK = ["--model", "--threads", "--batch-size", "--whole-image", "--max-pixels", "--quiet"]
NETWORK += ["--prior"]
PREDICT = [
    "--every",
    "--fps",
    "--smooth",
    "--format",
    "--output",
    "--annotated",
    "--top-k",
    "--abstain-below",
    "--cluster",
]
EVALUATE = ["--layout", "--part", "--output", "--predictions"]


@pytest.mark.parametrize("name, own", [("predict", PREDICT), ("evaluate", EVALUATE)])
def test_help_loads_nothing_heavy_and_names_every_option(name, own):
    code = f"import sys; from ferd.cli.main import main; main(['{name}', '--help'])"
    timed = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(timed, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "ferd.classes" in loaded
    assert not loaded & {"numpy", "cv2", "dlib", "onnxruntime", "PIL", "tqdm"}
    for option in NETWORK + own:
        assert option in done.stdout
