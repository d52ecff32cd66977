"""The stage train as a user runs it: a script in a folder with crops.npz and params.yaml."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.predicting import environment
from tests.helpers.small_study import contents, read, write_params

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "stages.train"]
CURVE, MODEL = "plots/train/history.csv", "data/train/model.keras"
FACTS, PREDICTIONS = "data/train/results/training.json", "data/train/results/predictions.csv"
COST = "data/train/results/cost.json"


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
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_params(train={"epochs": 4, "batch_size": 8})
    return folder


def words():
    """The environment of the stage; a user's own place for checkpoints is not to write to."""
    return {name: value for name, value in environment().items() if name != "FERD_CHECKPOINTS"}


def run(folder):
    subprocess.run(COMMAND, cwd=folder, env=words(), check=True, capture_output=True)
    return folder


def results(folder, monkeypatch):
    """All that the stage wrote but its cost, which no two runs have in common."""
    monkeypatch.chdir(folder)
    found = contents("data/train", "plots", "metrics")
    del found[COST]
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return run(lay_out(tmp_path_factory.mktemp("finished")))


def test_it_writes_these_files_and_no_score_of_a_test_face(finished, monkeypatch):
    assert set(results(finished, monkeypatch)) == {CURVE, MODEL, FACTS, PREDICTIONS}
    assert set(read(FACTS)) == {"parameters", "best_epoch", "validation"}
    assert read(FACTS)["parameters"] == 4_049_671
    assert len(Path(PREDICTIONS).read_text().splitlines()) == 1 + 21


def test_run_killed_in_the_middle_resumes_and_gives_the_same_bytes(finished, tmp_path, monkeypatch):
    folder = lay_out(tmp_path / "killed")
    process = subprocess.Popen(COMMAND, cwd=folder, env=words(), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not list(folder.glob(".checkpoints/*/state.npz")):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (folder / "data/train").exists()
    run(folder)
    assert 1 <= read(folder / COST)["resumed_at_epoch"] < 4
    assert results(folder, monkeypatch) == results(finished, monkeypatch)
    assert not list(folder.glob(".checkpoints/*"))


def test_other_test_images_and_labels_change_neither_model_nor_choice_of_epoch(
    finished, tmp_path, monkeypatch
):
    """No test image reaches training or selection: poison them all, and nothing else moves."""
    folder = run(lay_out(tmp_path / "poisoned", test_seed=2))
    ours, theirs = (results(place, monkeypatch) for place in (folder, finished))
    assert ours.pop(PREDICTIONS) != theirs.pop(PREDICTIONS)
    assert ours == theirs and FACTS in ours


def test_model_loads_with_keras_alone(finished):
    code = (
        "import keras, sys; model = keras.saving.load_model('data/train/model.keras');"
        "assert 'ferd' not in sys.modules; assert model.count_params() == 4049671"
    )
    subprocess.run([sys.executable, "-c", code], cwd=finished, check=True)
