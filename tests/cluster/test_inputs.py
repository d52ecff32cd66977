"""ferd.cluster gives a worker what a stage reads, wherever it comes from."""

from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from ferd.cluster import __main__ as cluster
from ferd.cluster import job
from ferd.cluster.connect import only_head
from tests.helpers.small_pipeline import dvc, git, make_study, noted

READ = ["data/kept.txt", "metrics/kept.json", "data/raw", "data/fit.txt", "data/imported.txt"]
STAGES = {
    "kept": (["data/source.txt"], ["data/kept.txt", "metrics/kept.json"]),
    "reader": (READ, ["data/reader.txt"]),
}
# What the stage `reader` finds in these, and its own line.
FOUND = ["source", "kept", "source", "kept", "raw", "source", "fit", "imported", "reader"]


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A frozen stage, one in a subfolder's dvc.yaml, a .dvc file in a subfolder and an import."""
    folder, log = tmp_path / "study", tmp_path / "log"
    make_study(folder, log, stages=STAGES)
    monkeypatch.chdir(folder)
    dvc(folder, "repro", "kept")
    pipeline = yaml.safe_load(Path("dvc.yaml").read_text())
    pipeline["stages"]["kept"]["frozen"] = True
    Path("dvc.yaml").write_text(yaml.safe_dump(pipeline, sort_keys=False))
    Path("stages/gpu").mkdir(parents=True)
    Path("stages/gpu/broken.txt").write_text("none\n")
    top = "../../data"
    command = f"python ../../work.py fit {log} 0 {top}/source.txt {top}/fit.txt"
    stage = {"cmd": command, "deps": [f"{top}/source.txt"], "outs": [f"{top}/fit.txt"]}
    Path("stages/gpu/dvc.yaml").write_text(yaml.safe_dump({"stages": {"fit": stage}}))
    Path("data/raw").mkdir()
    Path("data/raw/one.txt").write_text("raw\n")
    (tmp_path / "imported.txt").write_text("imported\n")
    dvc(folder, "add", "-q", "data/raw/one.txt")
    dvc(folder, "import-url", "-q", str(tmp_path / "imported.txt"), "data/imported.txt")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "more inputs")
    log.unlink()
    return folder


def test_frozen_stages_subfolders_and_imports(client, study, tmp_path):
    cluster.run_study(client, folder=str(tmp_path))
    assert noted(tmp_path / "log") == ["fit", "reader"]
    text = Path("data/reader.txt").read_text()
    # The folder data/raw has one.txt.dvc and .gitignore too.
    assert [line for line in text.splitlines() if line in FOUND] == FOUND
    assert list(yaml.safe_load(Path("stages/gpu/dvc.lock").read_text())["stages"]) == ["fit"]
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."
    cluster.run_study(client, folder=str(tmp_path))
    assert noted(tmp_path / "log") == ["fit", "reader"]
    with only_head(study / cluster.JOURNAL), pytest.raises(SystemExit, match="already running"):
        cluster.run_study(client, folder=str(tmp_path))
    Path("data/raw/one.txt").write_text("edited\n")
    with pytest.raises(SystemExit, match=r"run this first: dvc commit data/raw/one.txt.dvc$"):
        cluster.run_study(client, folder=str(tmp_path))


def test_a_job_never_reads_all_stages(tmp_path, monkeypatch):
    make_study(tmp_path / "study", tmp_path / "log", stages={"kept": STAGES["kept"]})
    monkeypatch.chdir(tmp_path / "study")
    opened, real = [], Repo.__init__
    monkeypatch.setattr(Repo, "__init__", lambda *a, **k: opened.append(1) or real(*a, **k))
    monkeypatch.setattr(Repo, "index", property(lambda repo: 1 / 0))
    Path("data/source.txt").unlink()
    entry = job.run_stage("kept", {"data/source.txt.dvc": None}, None)
    assert Path("data/kept.txt").read_text() == "source\nkept\n"
    # The cache has what git keeps too.
    Path("metrics/kept.json").unlink()
    assert job.run_stage("kept", {"data/source.txt.dvc": None}, entry) == entry
    assert Path("metrics/kept.json").read_text() == "source\nkept\n"
    assert noted(tmp_path / "log") == ["kept"] and len(opened) == 2
