"""ferd.training.jax.train: small networks are trained and distilled; killed runs go on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ferd.training.jax.train import run_epochs, train_on_device
from tests.helpers.on_jax import SETTINGS, faces_by_brightness

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What tests/helpers/on_jax.py says."""
    folder = tmp_path_factory.mktemp("jax")
    paths = {"PYTHONPATH": str(ROOT), "FERD_CHECKPOINTS": str(folder / "checkpoints")}
    # Half of the time is compiling, which these small networks need not have done well.
    paths |= {"KERAS_BACKEND": "jax", "XLA_FLAGS": "--xla_backend_optimization_level=0"}
    command = [sys.executable, str(ROOT / "tests/helpers/on_jax.py")]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_network_learns_and_its_predictor_says_what_keras_does(trained):
    assert trained["epochs"] == list(range(1, 31))
    assert trained["accuracy"] > 0.5
    assert trained["right"] == pytest.approx(trained["accuracy"])
    assert trained["predictor_off"] < 1e-5


def test_a_student_of_a_stubborn_teacher_says_what_it_says(trained):
    assert trained["said_2"] == 1


def test_a_killed_run_goes_on_where_it_was_saved_and_ends_as_a_whole_one(tmp_path, monkeypatch):
    """On a program that stands for training: each epoch adds a number drawn from its own key."""
    import jax

    monkeypatch.setattr("ferd.training.jax.train.SAVE_EVERY", -1)
    settings, asked = {"seed": 5, "epochs": 6}, []

    def learn(state, data, teachers, key):
        if len(asked) == kill_at:
            raise KeyboardInterrupt
        asked.append(key)
        return (state[0] + jax.random.uniform(key),), {"loss": state[0].mean()}

    def run(name):
        return run_epochs(
            *(learn, None, [], lambda state: {"val_loss": state[0].mean()}),
            *((np.zeros(2, "float32"),), settings, tmp_path / name),
        )

    kill_at = None
    whole, history = run("whole.npz")
    asked.clear()
    kill_at = 4
    with pytest.raises(KeyboardInterrupt):
        run("killed.npz")
    kill_at = None
    resumed, rows = run("killed.npz")
    assert len(asked) == 6 and not list(tmp_path.iterdir())
    np.testing.assert_array_equal(whole[0], resumed[0])
    keys = ("epoch", "loss", "val_loss")
    assert [[row[k] for k in keys] for row in rows] == [[r[k] for k in keys] for r in history]


def test_fewer_faces_than_a_batch_are_refused():
    faces = faces_by_brightness()
    with pytest.raises(SystemExit, match="batch_size"):
        train_on_device(faces, None, faces, SETTINGS | {"batch_size": 71})
