"""The stage train as a user runs it: a script in a folder with crops.npz and params.yaml."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.training.test_train_cnn import SETTINGS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ("data/train/model.keras", "metrics/train.json", "plots/train/history.csv")


def lay_out(folder, seed=0, test_seed=1):
    """A folder with a small data/crops.npz and params.yaml in which the stage can run."""
    count, tests = 70, 21
    images = np.random.default_rng(seed).integers(0, 255, (count, 48, 48), dtype=np.uint8)
    unseen = np.random.default_rng(test_seed).integers(0, 255, (tests, 48, 48), dtype=np.uint8)
    pictures = np.concatenate([images, unseen])
    classes = np.concatenate([np.arange(count) % 7, np.arange(tests) * test_seed % 7])
    splits = np.array(["train"] * count + ["test"] * tests)
    names = np.array([f"{split}/x/{index}" for index, split in enumerate(splits)])
    (folder / "data").mkdir(parents=True)
    np.savez(
        folder / "data/crops.npz",
        whole=pictures,
        crops=pictures,
        found=np.ones(len(pictures), bool),
        classes=classes,
        splits=splits,
        names=names,
    )
    settings = SETTINGS | {"epochs": 4, "batch_size": 8}
    (folder / "params.yaml").write_text(yaml.safe_dump({"train": settings}))
    return folder


COMMAND = [sys.executable, str(ROOT / "stages/train.py")]


@pytest.fixture(scope="module", autouse=True)
def checkpoints_in_the_folder():
    """A user's own place for checkpoints is not the tests' to write to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FERD_CHECKPOINTS", raising=False)
        yield


def digests(folder, names=GIVEN):
    return {name: hashlib.md5((folder / name).read_bytes()).hexdigest() for name in names}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = lay_out(tmp_path_factory.mktemp("finished"))
    subprocess.run(COMMAND, cwd=folder, check=True, capture_output=True)
    return folder


def test_run_killed_in_the_middle_resumes_and_gives_the_same_bytes(finished, tmp_path):
    folder = lay_out(tmp_path / "killed")
    process = subprocess.Popen(COMMAND, cwd=folder, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not list(folder.glob(".checkpoints/*/state.npz")):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (folder / "metrics/train.json").exists()
    subprocess.run(COMMAND, cwd=folder, check=True, capture_output=True)
    cost = json.loads((folder / "metrics/cost/train.json").read_text())
    assert 1 <= cost["resumed_at_epoch"] < 4
    assert digests(folder) == digests(finished)
    assert not list(folder.glob(".checkpoints/*"))


def test_other_test_images_and_labels_change_neither_model_nor_choice_of_epoch(finished, tmp_path):
    """No test image reaches training or selection: poison them all, and nothing else moves."""
    folder = lay_out(tmp_path / "poisoned", test_seed=2)
    subprocess.run(COMMAND, cwd=folder, check=True, capture_output=True)
    unmoved = ("data/train/model.keras", "plots/train/history.csv")
    assert digests(folder, unmoved) == digests(finished, unmoved)
    ours, theirs = (
        json.loads((place / "metrics/train.json").read_text()) for place in (folder, finished)
    )
    assert ours["validation"] == theirs["validation"]
    assert ours["test"] != theirs["test"]


def test_model_loads_with_keras_alone(finished):
    code = (
        "import keras, sys; model = keras.saving.load_model('data/train/model.keras');"
        "assert 'ferd' not in sys.modules; assert model.count_params() == 4049671"
    )
    subprocess.run([sys.executable, "-c", code], cwd=finished, check=True)
