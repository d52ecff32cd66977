"""The whole study through DVC on sketch faces: small, but every stage of it."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.report.comparison import VARIANTS, compare_variants
from ferd.report.model_names import TO_THE_LETTER
from ferd.sketch.demo import run_demo, run_dvc
from ferd.study.details import read_details

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "ferd/sketch/demo.yaml"


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """The folder of a finished demo, just as `make demo` runs it, and what it printed."""
    folder, printed = tmp_path_factory.mktemp("demo") / "study", io.StringIO()
    before = committed()
    with contextlib.redirect_stdout(printed):
        run_demo(folder, SETTINGS)
    assert committed() == before, "the demo must not touch the project's own results"
    return folder, printed.getvalue()


@pytest.fixture(scope="module")
def study(chain):
    """Then every stage, as `make demo-all` runs it; those of the chain are not run again."""
    folder, _ = chain
    before = committed()
    run_demo(folder, SETTINGS, every_stage=True)
    assert committed() == before, "the demo must not touch the project's own results"
    return folder


def committed():
    files = [ROOT / "dvc.lock", *(ROOT / "metrics").rglob("*"), *(ROOT / "plots").rglob("*")]
    return {file: file.read_bytes() for file in files if file.is_file()}


def test_the_papers_chain_learns_and_ends_with_the_table_and_the_page(chain):
    table, page = chain[1].split("\nOn drawn faces")[1].strip().rsplit("\n\n", 1)
    path = Path(page.removeprefix("Report page: ").strip())
    assert path.read_text().startswith("<!doctype html>")
    accuracies = {line[:30].strip(): line[30:].split() for line in table.splitlines()[2:]}
    for name in ("CNN", "hard voting", "soft voting", "stacking"):
        name = f"{name} to the letter"
        # Chance is 14.3.
        assert float(accuracies[name][0]) > 40, name
    assert {"CNN", "CNN with CBAM", "CNN, differential augmentation"} < set(accuracies)


def test_small_study_learns_the_drawn_classes_far_above_chance(study, monkeypatch):
    """Chance is 1/7. On every kind of CPU tried all had 0.62 or more: 0.4 leaves them a margin.

    The ablations' networks see other pixels or have more weights: they may need more epochs.
    """
    monkeypatch.chdir(study)
    variants = compare_variants(read_details())
    for name in ("cnn", "hard vote", "soft vote", "stack", "stack, no SMOTE"):
        for settings in ("", TO_THE_LETTER):
            assert variants[name + settings]["accuracy"] > 0.4, name + settings
    assert set(variants) == set(VARIANTS)


def test_every_stage_ran_and_is_locked(study):
    stages, locked = (
        yaml.safe_load((study / name).read_text())["stages"] for name in ("dvc.yaml", "dvc.lock")
    )
    assert set(locked) == set(stages)


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
    with np.load(study / "data/features/train.npz") as features:
        assert not set(features["train_names"]) & test


def test_forced_rerun_of_a_training_gives_the_same_metrics_and_model(study):
    """By the stage that takes least; test_train.py has two runs of the paper's network."""
    before = [(study / name).read_bytes() for name in SAME_IN_EVERY_RUN]
    run_dvc(study, "repro", "--force", "--single-item", "recipe_search", "score_recipe_search")
    assert [(study / name).read_bytes() for name in SAME_IN_EVERY_RUN] == before


SAME_IN_EVERY_RUN = (
    *("data/search/2024/model.keras", "metrics/search/2024.json"),
    *("metrics/details/search/2024.json", "plots/search/2024/history.csv"),
    "plots/search/2024/predictions.csv",
)


def test_plots_show_draws_the_confusion_matrix_and_the_curves(study):
    run_dvc(study, "plots", "show", "--out", "shown")
    page = (study / "shown" / "index.html").read_text()
    assert "The paper's network, accuracy by epoch" in page
    assert "Predictions of train" in page


def test_unknown_param_stops_a_stage_with_one_line(study):
    path = study / "params.yaml"
    original = path.read_text()
    path.write_text(original.replace("learning_rate:", "lerning_rate:"))
    command = [sys.executable, "-m", "stages.train"]
    ended = subprocess.run(command, cwd=study, capture_output=True, text=True)
    path.write_text(original)
    assert ended.returncode == 1
    assert "unknown key train.lerning_rate" in ended.stderr
    assert "Traceback" not in ended.stderr


TRAININGS = ("train", "variant_", "replicate_", "recipe_", "benchmark_ferplus_", "mixed_")
AFTER = ("scoring", "benchmark", "export", "report", "inference", "cli", "serve")


def test_an_edit_of_what_comes_after_training_leaves_every_training_fresh(study):
    files = [file for room in AFTER for file in (study / "ferd" / room).rglob("*.py")]
    files += (study / "docs").glob("*.md")
    before = {file: file.read_bytes() for file in files}
    fresh = changed_stages(study)  # the page, where an earlier test ran a training again: its cost
    assert set(fresh) <= {"report"}
    try:
        for file in files:
            file.write_bytes(before[file] + b"\n# edited\n")
        stale = changed_stages(study)
    finally:
        for file, content in before.items():
            file.write_bytes(content)
    assert not [one for one in stale if one.startswith(TRAININGS)]
    assert {"score_train", "evaluate", "headline", "figures", "report"} <= set(stale)
    assert changed_stages(study) == fresh


def test_an_edit_of_the_training_code_makes_the_trainings_stale(study):
    file = study / "ferd/training/core/batches.py"
    before = file.read_bytes()
    try:
        file.write_bytes(before + b"\n# edited\n")
        stale = set(changed_stages(study))
    finally:
        file.write_bytes(before)
    assert {"train", "variant_cosine", "replicate_cosine_2025", "recipe_compact"} <= stale


def changed_stages(study):
    """Names of the stages that `dvc status` calls changed."""
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    done = subprocess.run(command, cwd=study, check=True, stdout=subprocess.PIPE, text=True)
    return sorted(json.loads(done.stdout))


def test_metrics_are_a_table_and_details_are_no_metrics(study):
    command = [sys.executable, "-m", "dvc", "metrics", "show", "--json"]
    done = subprocess.run(command, cwd=study, check=True, stdout=subprocess.PIPE, text=True)
    rows = json.loads(done.stdout)[""]["data"]
    assert {"metrics/train.json", "metrics/automl_voting/soft.json"} <= set(rows)
    assert not [path for path in rows if path.startswith(("metrics/details", "metrics/cost"))]
    columns = set().union(*(row["data"] for row in rows.values()))
    assert len(columns) + 1 <= 14
    assert all(len(row["data"]) <= 12 for row in rows.values())
