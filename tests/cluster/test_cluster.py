"""ferd.cluster on two workers of this machine: the results of `dvc repro`, once each."""

import json

import pytest
import yaml

from ferd.cluster import __main__ as cluster
from ferd.cluster import head
from tests.helpers.small_pipeline import STAGES, dvc, git, make_study, noted


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A small study in the working folder, its log, and a folder for clones."""
    folder = tmp_path / "study"
    make_study(folder, tmp_path / "log")
    monkeypatch.chdir(folder)
    return folder


def run(client, tmp_path, targets=()):
    cluster.run_study(client, targets, folder=str(tmp_path))


def results(folder):
    paths = [path for stage in STAGES.values() for path in stage[1]]
    return {path: (folder / path).read_text() for path in paths}


def test_results_and_lock_are_those_of_dvc_repro(client, study, tmp_path):
    run(client, tmp_path)
    assert noted(tmp_path / "log") == sorted(STAGES)
    found, lock = results(study), yaml.safe_load((study / "dvc.lock").read_text())
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."
    assert "up to date" in dvc(study, "repro") and noted(tmp_path / "log") == sorted(STAGES)
    serial = tmp_path / "serial"
    git(tmp_path, "clone", "-q", str(study), str(serial))
    (serial / "data/source.txt").write_text("source\n")
    dvc(serial, "repro")
    assert results(serial) == found
    assert yaml.safe_load((serial / "dvc.lock").read_text()) == lock
    assert list(lock["stages"]) == list(STAGES)


def test_nothing_runs_again_and_an_edit_runs_what_depends_on_it(client, study, tmp_path):
    run(client, tmp_path)
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == []
    # Neither committed nor known to git.
    text = (study / "dvc.yaml").read_text()
    (study / "dvc.yaml").write_text(text.replace("work.py right", "new.py right"))
    (study / "new.py").write_text((study / "work.py").read_text() + "# new\n")
    run(client, tmp_path)
    assert noted(tmp_path / "log") == ["right"]  # it writes what it wrote before
    assert git(study, "log", "--oneline").count("\n") == 1


def test_a_target_runs_with_what_it_waits_for(client, study, tmp_path):
    run(client, tmp_path, ["left"])
    assert noted(tmp_path / "log") == ["first", "left"]
    assert not (study / "data/right.txt").exists()


def test_a_stage_that_fails_stops_what_waits_for_it_alone(client, study, tmp_path, capsys):
    (study / "broken.txt").write_text("left\n")
    with pytest.raises(SystemExit, match=r"^failed: left; not run because of them: last$"):
        run(client, tmp_path)
    assert "left is broken" in capsys.readouterr().out
    assert noted(tmp_path / "log", "end") == ["first", "right"]
    assert (study / "data/right.txt").exists()
    (study / "broken.txt").write_text("none\n")
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == ["last", "left"]


def test_a_head_that_dies_loses_nothing_that_had_ended(client, study, tmp_path, monkeypatch):
    real = cluster.write_results
    monkeypatch.setattr(cluster, "write_results", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(client, tmp_path)
    assert not (study / "dvc.lock").exists()
    monkeypatch.setattr(cluster, "write_results", real)
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == []
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."


def test_a_resource_that_no_worker_has_is_refused_before_anything_runs(
    client, tmp_path, monkeypatch
):
    make_study(tmp_path / "study", tmp_path / "log", meta={"last": {"resources": {"GPU": 1}}})
    monkeypatch.chdir(tmp_path / "study")
    with pytest.raises(SystemExit, match="stage last needs GPU=1, and no worker has it"):
        run(client, tmp_path)
    assert noted(tmp_path / "log") == []


@pytest.mark.parametrize(
    ("needs", "declared", "fitted"),
    [
        ({"MEMORY": 5}, {}, {}),
        ({"MEMORY": 5}, {"MEMORY": 9}, {"MEMORY": 5}),
        ({"MEMORY": 5}, {"MEMORY": 3}, {"MEMORY": 3}),
        ({"GPU": 1}, {"GPU": 2}, {"GPU": 1}),
    ],
)
def test_memory_is_a_wish_and_anything_else_a_need(needs, declared, fitted):
    assert head.fitted("one", needs, declared) == fitted


def test_workers_of_a_machine_share_its_cores(monkeypatch):
    from ferd.cluster import worker

    monkeypatch.setattr(worker.os, "sched_getaffinity", lambda _: {0, 1, 2, 3, 4}, raising=False)
    assert worker.cores_of((0, 2)) == [0, 1]
    assert worker.cores_of((1, 2)) == [2, 3]
    assert worker.cores_of((0, 1)) == [0, 1, 2, 3, 4]
    assert worker.cores_of((3, 8)) == []
    assert worker.cores_of(None) == []


def test_a_folder_without_a_commit_is_refused_in_a_line(tmp_path):
    with pytest.raises(SystemExit, match="workers take the project from git"):
        cluster.snapshot(str(tmp_path))


def test_a_stopped_run_s_journal_is_plain_json(client, study, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "write_results", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(client, tmp_path)
    found = json.loads((study / cluster.JOURNAL).read_text())
    assert set(found["entries"]) == set(STAGES)


def test_runs_of_other_targets_leave_what_a_stopped_run_had_ended(
    client, study, tmp_path, monkeypatch
):
    real = cluster.write_results
    monkeypatch.setattr(cluster, "write_results", lambda *arguments: 1 / 0)
    for targets in ((), ["first"]):
        with pytest.raises(ZeroDivisionError):
            run(client, tmp_path, targets)
    assert set(json.loads((study / cluster.JOURNAL).read_text())["entries"]) == set(STAGES)
    monkeypatch.setattr(cluster, "write_results", real)
    run(client, tmp_path, ["left"])
    left = json.loads((study / cluster.JOURNAL).read_text())["entries"]
    assert set(left) == {"right", "last"}
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == [] and not (study / cluster.JOURNAL).exists()
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_a_number_of_workers_that_cannot_be_is_refused(number, monkeypatch, capsys):
    """With 0, Dask would start as many as there are cores."""
    monkeypatch.setattr("sys.argv", ["cluster", f"--workers={number}"])
    with pytest.raises(SystemExit, match="2"):
        cluster.main()
    assert f"'{number}' is not a whole number above 0" in capsys.readouterr().err


def test_an_older_journal_gives_way_to_dvc_lock(client, study, tmp_path, monkeypatch):
    run(client, tmp_path)
    (study / cluster.JOURNAL).write_text('{"lock": "another", "entries": {"left": {}}}')
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == [] and not (study / cluster.JOURNAL).exists()


def test_what_dvc_repro_ran_before_is_not_run_again(client, study, tmp_path):
    dvc(study, "repro")
    (tmp_path / "log").unlink()
    run(client, tmp_path)
    assert noted(tmp_path / "log") == []


def test_a_clone_has_no_file_of_another_commit(client, study, tmp_path):
    """A leftover in a folder that a stage reads would be read too."""
    run(client, tmp_path)
    text = (study / "dvc.yaml").read_text()
    (study / "metrics/details/right.json").unlink()
    start, end = text.index("  right:"), text.index("  last:")
    (study / "dvc.yaml").write_text(text[:start] + text[end:])
    run(client, tmp_path)
    assert "right" not in (study / "metrics/last.json").read_text()
