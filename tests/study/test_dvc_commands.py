"""DVC's own commands in a clone of a small study, as its users type them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.sketch.archive import sketch_archive
from ferd.sketch.demo import copy_project, keep, override

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FACES = {"train_per_class": 30, "test_per_class": 8, "train_shares": {}, "seed": 0}
AUDITED = {"near_correlation": 0.95, "ferplus": False}


def run(folder, *command, check=True):
    """Runs a command with this Python first on the path; returns the finished process."""
    path = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    environment = {**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A git repository with the project, drawn faces and the first stages run and committed."""
    folder = tmp_path_factory.mktemp("study")
    copy_project(folder)
    # `dvc checkout` refuses stages that have never run, so these are the whole study.
    keep(folder / "dvc.yaml", ["settings", "fetch", "crop", "audit"])
    override(folder / "params.yaml", {"crop": {"face_size": 24}, "audit": AUDITED})
    for name in ("metrics", "plots", "stages/gpu"):
        shutil.copytree(ROOT / name, folder / name)
    sketch_archive(folder / "data/source.zip", **FACES)
    (folder / "data/source.zip.dvc").unlink(missing_ok=True)
    run(folder, "git", "init", "-q")
    run(folder, "git", "config", "user.name", "a")
    run(folder, "git", "config", "user.email", "a@b")
    run(folder, "dvc", "init", "-q")
    shutil.copytree(ROOT / ".dvc/plots", folder / ".dvc/plots")
    shutil.copyfile(ROOT / ".dvc/config", folder / ".dvc/config")
    run(folder, "dvc", "add", "-q", "data/source.zip")
    run(folder, "dvc", "repro", "-q", "audit")
    run(folder, "dvc", "commit", "-q", "--force", "stages/gpu/dvc.yaml")
    run(folder, "git", "add", "-A")
    run(folder, "git", "commit", "-qm", "a small study")
    return folder


def test_checkout_is_whole_although_no_network_of_the_gpu_is_there(study):
    assert run(study, "dvc", "checkout").returncode == 0
    status = json.loads(run(study, "dvc", "status", "--json", "audit").stdout)
    assert status == {}
    gpu = json.loads(run(study, "dvc", "status", "--json", "stages/gpu/dvc.yaml").stdout)
    assert gpu == {}


def test_repro_of_a_gpu_stage_deletes_nothing(study):
    before = (study / "metrics/gpu/details/benchmark_gpu/2024.json").read_bytes()
    run(study, "dvc", "repro", "stages/gpu/dvc.yaml:train_gpu@benchmark_gpu_2024", "--single-item")
    assert (study / "metrics/gpu/details/benchmark_gpu/2024.json").read_bytes() == before


def test_a_refused_value_deletes_no_output(study):
    for change in ("crop.face_size=abc", "train.epochs=abc", "recipe.views=both", "train.flip=1"):
        before = (study / "data/crops.npz").stat().st_mtime_ns
        params = (study / "params.yaml").read_bytes()
        done = run(study, "dvc", "exp", "run", "-S", change, "audit", check=False)
        assert done.returncode != 0
        assert change.split("=")[0] in done.stdout + done.stderr
        assert (study / "data/crops.npz").stat().st_mtime_ns == before
        (study / "params.yaml").write_bytes(params)


def test_an_experiment_is_run_shown_and_applied(study):
    run(study, "dvc", "exp", "run", "-n", "wider", "-S", "audit.near_correlation=0.97", "audit")
    shown = run(study, "dvc", "exp", "show", "--only-changed", "--csv").stdout
    assert len(shown.splitlines()[0].split(",")) <= 14
    assert "0.97" in shown
    run(study, "git", "checkout", "-q", "--", ".")
    run(study, "dvc", "checkout", "--force", "audit", check=False)
    run(study, "dvc", "exp", "apply", "wider")
    params = yaml.safe_load((study / "params.yaml").read_text())
    assert params["audit"]["near_correlation"] == 0.97
    run(study, "git", "checkout", "-q", "--", ".")
    assert run(study, "dvc", "checkout", "--force").returncode == 0


def test_metrics_show_reads_as_a_table(study):
    shown = run(study, "dvc", "metrics", "show", "--md").stdout.splitlines()
    assert len(shown[0].strip("|").split("|")) <= 14
    assert len(shown) < 80
