"""ferd.training.jax.train and its stages: small networks are trained, distilled and scored."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.training.jax.train import run_epochs, train_on_device
from ferd.training.recipes.data import recipe_faces
from stages import audit, benchmark_gpu, compact_gpu, distilled_gpu, score_gpu
from tests.helpers.on_jax import SETTINGS, faces_by_brightness
from tests.helpers.small_faces import make_faces, write_crops

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RECIPE = {key: value for key, value in SETTINGS.items() if key != "seed"} | {
    **{"split": "paper", "view": "whole", "validation_fraction": 0.3, "targets": "labels"},
    **{"exclude_test_copies": False, "precision": "auto", "epochs": 2},
}
TAUGHT = RECIPE | {"distillation": 0.0, "teacher": "benchmark_gpu"}
SECTIONS = {
    "audit": {"near_correlation": 0.9, "ferplus": False},
    **{"benchmark_gpu": RECIPE, "distilled_gpu": TAUGHT, "compact_gpu": TAUGHT},
    "score_gpu": {
        **{"benchmark_gpu": [1, 2], "distilled_gpu": [1], "compact_gpu": [1]},
        **{"seed": 0, "draws": 100},
    },
}


PARTS = (("train", 4), ("test", 5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small study, in which the stage benchmark_gpu has trained, and taught nobody."""
    folder = tmp_path_factory.mktemp("gpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["stage"])
        Path("params.yaml").write_text(yaml.safe_dump(SECTIONS))
        splits = {name: make_faces((12,) * 7, seed, 10, name) for name, seed in PARTS}
        splits["train"].images[:3] = splits["test"].images[:3]
        write_crops(splits=splits)
        audit.main()
    return folder


@pytest.fixture(scope="module")
def trained(folder):
    """What tests/helpers/on_jax.py says."""
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


def test_the_stage_leaves_a_network_that_any_machine_scores(folder, trained, monkeypatch):
    monkeypatch.chdir(folder)
    own = json.loads(Path("metrics/benchmark_gpu/1.json").read_text())
    cost = json.loads(Path("metrics/cost/benchmark_gpu/1.json").read_text())
    assert set(own["validation"]) == {"centre", "flip", "ten"} and "test" not in own
    assert cost["device"] == "cpu" and cost["epochs"] == 2
    for stage, seed in (("benchmark_gpu", 2), ("distilled_gpu", 1), ("compact_gpu", 1)):
        for kind in ("data", "metrics"):
            for path in Path(kind, "benchmark_gpu").glob("1*"):
                target = Path(kind, stage, path.name.replace("1", str(seed), 1))
                target.parent.mkdir(parents=True, exist_ok=True)
                copytree(path, target) if path.is_dir() else target.write_bytes(path.read_bytes())
    monkeypatch.setattr(sys, "argv", ["stage"])
    score_gpu.main()
    metrics = json.loads(Path("metrics/score_gpu.json").read_text())
    scores, table = metrics["benchmark_gpu"], pd.read_csv("plots/score_gpu/benchmark_gpu.csv")
    first = scores["seeds"]["1"]
    assert first["accuracy"] == pytest.approx((table["actual"] == table["predicted"]).mean())
    assert first["faces"] == first["with_copy"]["faces"] + first["without_copy"]["faces"] == 84
    assert first["validation"] == own["validation"] and first["centre"]["faces"] == 84
    assert scores["spread"]["sd"] == 0 and scores["network"]["views"] == 2
    assert metrics["compact_gpu"]["network"]["teacher_multiply_adds"] == 0


def test_the_faces_of_score_gpu_are_not_among_those_trained_on(folder, monkeypatch):
    monkeypatch.chdir(folder)
    faces = recipe_faces(RECIPE | {"seed": 1})
    assert not set(faces.test.names) & {*faces.train.names, *faces.validation.names}


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


def test_importing_a_stage_leaves_the_backend_of_this_process_and_its_children():
    assert os.environ.get("KERAS_BACKEND") != "jax"


@pytest.mark.parametrize("stage", [benchmark_gpu, distilled_gpu, compact_gpu])
def test_settings_that_need_tensorflow_are_unknown_to_the_stages_on_a_gpu(stage):
    unknown = {"sharpness", "initial_size", "views", "seed"}
    assert not unknown & set(stage.SPECS)
    assert ("distillation" in stage.SPECS) == (stage is not benchmark_gpu)
