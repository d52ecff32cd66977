"""The whole study through DVC on sketch faces: small, but every stage of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.report.comparison import VARIANTS
from ferd.sketch.demo import run_demo, run_dvc
from tests.helpers.pipeline import expanded

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A finished demo of every stage, just as `make demo-all` runs it."""
    folder = tmp_path_factory.mktemp("demo")
    before = committed()
    run_demo(folder / "study", ROOT / "ferd/sketch/demo.yaml", every_stage=True)
    assert committed() == before, "the demo must not touch the project's own results"
    return folder / "study"


def committed():
    files = [ROOT / "dvc.lock", *(ROOT / "metrics").rglob("*"), *(ROOT / "plots").rglob("*")]
    return {file: file.read_bytes() for file in files if file.is_file()}


def metrics(study, stage):
    return json.loads((study / "metrics" / f"{stage}.json").read_text())


def test_small_study_learns_the_drawn_classes_far_above_chance(study):
    """Chance is 1/7. On every kind of CPU tried all had 0.62 or more: 0.4 leaves them a margin.

    The ablations' networks see other pixels or have more weights: they may need more epochs.
    """
    variants = metrics(study, "summary")["variants"]
    for name in ("cnn", "hard vote", "soft vote", "stack", "stack, no SMOTE"):
        assert variants[name]["accuracy"] > 0.4, name
    assert set(variants) == set(VARIANTS)


def test_every_stage_ran_and_is_locked(study):
    read = {name: yaml.safe_load((study / name).read_text()) for name in FILES}
    stages = expanded(read["dvc.yaml"]["stages"], read["params.yaml"])
    assert set(read["dvc.lock"]["stages"]) == set(stages)


FILES = ("dvc.yaml", "dvc.lock", "params.yaml")


def test_lock_holds_no_path_of_this_machine(study):
    assert str(study) not in (study / "dvc.lock").read_text()


def test_second_repro_runs_nothing(study, capfd):
    run_dvc(study, "repro")
    output = capfd.readouterr()
    assert "Running stage" not in output.out + output.err
    assert "up to date" in output.out + output.err


def test_no_test_face_reaches_training(study):
    import numpy as np

    with np.load(study / "data/crops.npz") as crops:
        test = set(crops["names"][crops["splits"] == "test"])
    predictions = (study / "plots/train/predictions.csv").read_text().splitlines()[1:]
    assert {row.split(",")[0] for row in predictions} <= test
    with np.load(study / "data/features.npz") as features:
        assert not set(features["train_names"]) & test


def test_forced_rerun_of_a_training_gives_the_same_metrics_and_model(study):
    """By the stage that takes least; test_train.py has two runs of the paper's network."""
    before = [(study / name).read_bytes() for name in same_in_every_run("search")]
    run_dvc(study, "repro", "--force", "--single-item", "search")
    assert [(study / name).read_bytes() for name in same_in_every_run("search")] == before


def same_in_every_run(stage):
    tables = [f"plots/{stage}/history.csv", f"plots/{stage}/predictions.csv"]
    return [f"metrics/{stage}.json", f"data/{stage}/model.keras", *tables]


def test_plots_show_draws_the_confusion_matrix_and_the_curves(study):
    run_dvc(study, "plots", "show", "--out", "shown")
    page = (study / "shown" / "index.html").read_text()
    assert "train, accuracy by epoch" in page
    assert "CNN on the test faces (Fig. 3)" in page


def test_unknown_param_stops_a_stage_with_one_line(study):
    path = study / "params.yaml"
    original = path.read_text()
    path.write_text(original.replace("learning_rate:", "lerning_rate:"))
    command = [sys.executable, "stages/train.py"]
    ended = subprocess.run(command, cwd=study, capture_output=True, text=True)
    path.write_text(original)
    assert ended.returncode == 1
    assert "unknown key train.lerning_rate" in ended.stderr
    assert "Traceback" not in ended.stderr
