"""The stages on a GPU: they leave a network that any machine scores."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from ferd.study.settings import ParamError, load_recipe
from ferd.training.recipes.data import recipe_faces
from stages import audit, score_gpu
from tests.helpers.predicting import environment
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import contents, read, write_params, write_pipeline

pytestmark = pytest.mark.slow

PARTS = (("train", 4), ("test", 5))
RUNS = (("benchmark_gpu", 1), ("benchmark_gpu", 2), ("distilled_gpu", 1), ("compact_gpu", 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small study, in which the stage audit has run."""
    folder = tmp_path_factory.mktemp("gpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_params(recipe={"epochs": 2, "batch_size": 35, "precision": "auto"})
        lines = {
            f"{name}_{seed}": {"network": name, "base": "recipe", "seed": seed}
            for name, seed in RUNS
        }
        write_pipeline("stages/gpu/dvc.yaml", train_gpu=lines)
        splits = {name: make_faces((12,) * 7, seed, 10, name) for name, seed in PARTS}
        splits["train"].images[:3] = splits["test"].images[:3]
        write_crops(splits=splits)
        audit.main()
    return folder


def train(folder, *words):
    """Runs the stage train_gpu as a process, where Keras may take another backend."""
    command = [sys.executable, "-m", "stages.train_gpu", *words]
    # JAX would take a GPU that this machine may have. Compiling takes longer than training here.
    ours = environment() | {"FERD_CHECKPOINTS": str(folder / "checkpoints"), "JAX_PLATFORMS": "cpu"}
    ours["XLA_FLAGS"] = "--xla_backend_optimization_level=0"
    return subprocess.run(command, cwd=folder, env=ours, capture_output=True, text=True)


@pytest.fixture(scope="module")
def trained(folder):
    """The folder once the stage has trained in it."""
    done = train(folder, "benchmark_gpu", "1", "--any-device")
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_without_a_gpu_it_ends_before_it_writes_or_deletes_anything(folder, monkeypatch):
    monkeypatch.chdir(folder)
    written = Path("metrics/gpu/details/compact_gpu/1.json")
    written.parent.mkdir(parents=True)
    written.write_text("of another machine")
    before = contents(".")
    done = train(folder, "compact_gpu", "1")
    assert done.returncode == 1 and "no GPU that JAX can use" in done.stderr.splitlines()[-1]
    assert contents(".") == before
    written.unlink()


def test_the_stage_leaves_a_network_that_any_machine_scores(trained, monkeypatch):
    monkeypatch.chdir(trained)
    own = read("metrics/gpu/details/benchmark_gpu/1.json")
    cost = read("metrics/gpu/cost/benchmark_gpu/1.json")
    assert set(own["validation"]) == {"centre", "flip", "ten"} and "test" not in own
    assert cost["device"] == "cpu" and cost["epochs"] == 2
    assert len(pd.read_csv("plots/benchmark_gpu/1/history.csv")) == 2
    assert not Path("metrics/benchmark_gpu").exists()
    for network, seed in RUNS[1:]:
        copytree("data/benchmark_gpu/1", f"data/{network}/{seed}")
        target = Path(f"metrics/gpu/details/{network}/{seed}.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(Path("metrics/gpu/details/benchmark_gpu/1.json").read_bytes())
    score_gpu.main()
    details = read("metrics/gpu/details/score_gpu.json")
    scores, table = details["benchmark_gpu"], pd.read_csv("plots/score_gpu/benchmark_gpu.csv")
    first, row = scores["seeds"]["1"], read("metrics/benchmark_gpu/1.json")
    right = (table["actual"] == table["predicted"]).mean()
    assert first["accuracy"] == row["accuracy"] == pytest.approx(right, abs=1e-6)
    assert first["faces"] == first["with_copy"]["faces"] + first["without_copy"]["faces"] == 84
    assert row["accuracy_without_copies"] == first["without_copy"]["accuracy"]
    assert row["validation_accuracy"] == own["validation"]["flip"]["accuracy"]
    assert row["parameters"] == own["parameters"] == scores["network"]["parameters"]
    # The others are copies of this network.
    assert all(read(f"metrics/{network}/{seed}.json") == row for network, seed in RUNS)
    assert first["validation"] == own["validation"] and first["centre"]["faces"] == 84
    assert scores["spread"]["sd"] == 0 and scores["network"]["views"] == 2
    assert list(details) == ["benchmark_gpu", "distilled_gpu", "compact_gpu"]
    assert details["compact_gpu"]["network"]["teacher_multiply_adds"] == 0


def test_the_faces_of_score_gpu_are_not_among_those_trained_on(folder, monkeypatch):
    monkeypatch.chdir(folder)
    faces = recipe_faces(load_recipe("benchmark_gpu", 1))
    assert not set(faces.test.names) & {*faces.train.names, *faces.validation.names}


def test_importing_a_stage_leaves_the_backend_of_this_process_and_its_children():
    from stages import train_gpu

    assert train_gpu.main and os.environ.get("KERAS_BACKEND") != "jax"


def test_no_teacher_is_allowed_whose_training_faces_the_split_holds_out(folder, monkeypatch):
    monkeypatch.chdir(folder)
    before = Path("params.yaml").read_text()
    write_params(distilled_gpu={"distillation": 0.5})
    done = train(folder, "distilled_gpu", "1", "--any-device")
    Path("params.yaml").write_text(before)
    assert done.returncode == 1
    assert "distillation above 0 takes official" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("network", "key", "value"),
    [
        *((network, "views", "flip") for network in ("benchmark_gpu", "compact_gpu")),
        *((network, "seed", 3) for network in ("benchmark_gpu", "distilled_gpu")),
        ("benchmark_gpu", "distillation", 0.5),
    ],
)
def test_settings_that_would_have_no_effect_on_a_gpu_are_unknown(empty_folder, network, key, value):
    write_params(**{network: {key: value}})
    with pytest.raises(ParamError, match=f"unknown key {network}.{key}"):
        load_recipe(network, 1)
