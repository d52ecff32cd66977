"""Memory that runs out: the photo is named, the other rows are kept, and the option is named."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from ferd.cli.main import main
from ferd.inference.classifier import Classifier
from ferd.inference.faces import cutting
from ferd.inference.onnx_network import OnnxNetwork
from ferd.inference.out_of_memory import COMMAND, is_out_of_memory
from ferd.inference.out_of_memory import PHOTO as LINE
from ferd.inference.reading.frames import Frame, Problem
from tests.helpers.predicting import PHOTO, environment, save, write_model
from tests.helpers.sketches import face

FACE = face("happy", 100)
# In a process of its own, as no other test may run under the limit.
SMALL = """
import resource, sys
from ferd.cli.main import main
import ferd.inference.prediction
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + (160 << 20),) * 2)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


def no_memory(*_, **__):
    np.empty(1 << 60, "uint8")


def test_each_library_is_understood():
    with pytest.raises(MemoryError) as error:
        no_memory()
    assert is_out_of_memory(error.value)
    with pytest.raises(cv2.error) as error:
        cv2.resize(FACE, (1 << 30, 1 << 30))
    assert is_out_of_memory(error.value)
    with pytest.raises(cv2.error) as error:
        cv2.resize(FACE, (0, 0))
    assert not is_out_of_memory(error.value) and not is_out_of_memory(ValueError("bad"))


def test_a_photo_that_needs_too_much_becomes_a_problem_and_the_others_go_on(model, monkeypatch):
    classifier, real = Classifier.load(model), cutting.stretched

    def short(image, *more):
        return no_memory() if image.shape[0] == 77 else real(image, *more)

    monkeypatch.setattr(cutting, "stretched", short)
    frames = [Frame(str(side), 0, PHOTO[:side]) for side in (48, 77, 90)]
    found = [item for item, _ in classifier.predict_frames(frames, whole_image=True)]
    assert found == [frames[0], Problem("77", LINE), frames[2]]
    with pytest.raises(MemoryError):
        classifier.predict_faces(PHOTO[:77], whole_image=True)


def test_a_network_that_needs_too_much_ends_the_command_with_a_line(
    model, monkeypatch, tmp_path, capsys
):
    save(tmp_path / "a.png", FACE)
    network = OnnxNetwork(model)

    class Session:
        def run(self, *_):
            raise RuntimeError("Failed to allocate memory for requested buffer of size 9")

    network._session = Session()
    with pytest.raises(MemoryError):
        network.calibrated(np.zeros((1, 48, 48), "uint8"))
    monkeypatch.setattr(OnnxNetwork, "calibrated", no_memory)
    words = ["predict", str(tmp_path / "a.png"), "--whole-image", "--model", str(model)]
    assert main(words) == 1
    assert capsys.readouterr().err == COMMAND + "\n"


@pytest.mark.skipif(sys.platform != "linux", reason="limits its own memory as Linux does")
def test_under_a_limit_the_big_photo_is_named_and_the_others_have_rows(model, tmp_path):
    save(tmp_path / "a.png", FACE)
    save(tmp_path / "b.png", np.zeros((6000, 8000, 3), "uint8"))
    save(tmp_path / "c.png", FACE)
    words = ["predict", ".", "--whole-image", "--threads", "1", "--format", "csv"]
    done = subprocess.run(
        [sys.executable, "-c", SMALL, *words, "--model", str(model)],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    names = [line.split(",")[0] for line in done.stdout.splitlines()]
    assert (done.returncode, names) == (1, ["file", "./a.png", "./c.png"])
    (line,) = done.stderr.splitlines()
    assert line.startswith("ferd: ./b.png: ") and "out of memory" in line and "--max-pixels" in line
