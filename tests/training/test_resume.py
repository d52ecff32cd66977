"""ferd.training.core.resume: a checkpoint is used only by the run that wrote it.

test_training.py tests that a resumed training ends as an uninterrupted one.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ferd.training.core.resume import STOPPED, ResumeCheckpoint, checkpoint_root, run_key

SETTINGS = {"epochs": 3, "l2": 0.1, "dropout": [0.5, 0.6]}
DATA = np.arange(6, dtype="float32")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The source file of a loaded ferd module."""
    file = tmp_path / "played.py"
    file.write_text("a = 1\n")
    played = ModuleType("ferd.played")
    played.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "ferd.played", played)
    return file


def write_state(folder, **notes):
    np.savez(folder / "state.npz", notes=json.dumps(notes))


def test_the_key_is_the_same_for_the_same_run():
    key = run_key(SETTINGS, DATA)
    assert len(key) == 16 and int(key, 16) >= 0
    assert run_key(dict(reversed(SETTINGS.items())), DATA.copy()) == key
    assert run_key(SETTINGS, np.repeat(DATA, 2)[::2]) == key  # the same numbers, not contiguous


@pytest.mark.parametrize(
    "changed", [{"epochs": 4}, {"l2": 0.2}, {"dropout": [0.6, 0.5]}, {"more": None}]
)
def test_the_key_changes_with_the_params(changed):
    assert run_key(SETTINGS | changed, DATA) != run_key(SETTINGS, DATA)


def test_the_key_changes_with_any_number_of_the_data():
    keys = {run_key(SETTINGS, DATA, mask) for mask in np.eye(6, dtype=bool)}
    keys |= {run_key(SETTINGS, DATA + row) for row in np.eye(6, dtype="float32")}
    keys |= {run_key(SETTINGS), run_key(SETTINGS, DATA), run_key(SETTINGS, DATA[::-1])}
    assert len(keys) == 15


def test_the_key_changes_with_the_code_of_a_loaded_module(module):
    before = run_key(SETTINGS, DATA)
    assert run_key(SETTINGS, DATA) == before
    module.write_text("a = 2\n")
    assert run_key(SETTINGS, DATA) != before
    module.write_text("a = 1\n")
    assert run_key(SETTINGS, DATA) == before


def test_the_key_changes_with_the_script(tmp_path, monkeypatch):
    keys = set()
    for text in ("a = 1\n", "a = 2\n"):
        (tmp_path / "script.py").write_text(text)
        script = str(tmp_path / "script.py")
        # Under pytest-xdist there is no such file.
        monkeypatch.setattr(sys.modules["__main__"], "__file__", script, raising=False)
        keys.add(run_key(SETTINGS, DATA))
    assert len(keys) == 2


def test_peek_gives_0_where_there_is_no_checkpoint(tmp_path):
    checkpoint = ResumeCheckpoint(tmp_path / "none")
    assert checkpoint.peek() == 0
    checkpoint.on_train_begin()
    assert (checkpoint.resumed_at, checkpoint.history) == (0, {})
    checkpoint.clear()
    assert not (tmp_path / "none").exists()


def test_peek_gives_the_epochs_done(tmp_path):
    write_state(tmp_path, epochs_done=7, stopped=False)
    assert ResumeCheckpoint(tmp_path).peek() == 7


def test_peek_is_past_any_last_epoch_once_the_run_had_stopped(tmp_path):
    write_state(tmp_path, epochs_done=7, stopped=True)
    assert ResumeCheckpoint(tmp_path).peek() == STOPPED > 10**6


def test_clear_forgets_the_run_and_no_other(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_state(tmp_path / name, epochs_done=1, stopped=False)
    checkpoint = ResumeCheckpoint(tmp_path / "one")
    checkpoint.clear()
    checkpoint.clear()
    assert checkpoint.peek() == 0 and ResumeCheckpoint(tmp_path / "other").peek() == 1


def test_batches_are_told_each_epoch_before_it_begins(tmp_path):
    class Batches:
        told = ()

        def start_epoch(self, epoch):
            self.told += (epoch,)

    batches = Batches()
    for epoch in (4, 5):
        ResumeCheckpoint(tmp_path, batches=batches).on_epoch_begin(epoch)
    assert batches.told == (4, 5)


def test_checkpoints_are_kept_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("FERD_CHECKPOINTS", "/some/where")
    assert checkpoint_root() == Path("/some/where")
    monkeypatch.delenv("FERD_CHECKPOINTS")
    assert checkpoint_root() == Path(".checkpoints")


@pytest.mark.parametrize("place", ["standalone/tmp1", "tmp2/stages/gpu"])
def test_a_queued_experiment_keeps_its_checkpoints_where_dvc_does_not_delete_them(
    place, tmp_path, monkeypatch
):
    monkeypatch.delenv("FERD_CHECKPOINTS", raising=False)
    folder = tmp_path / "study/.dvc/tmp/exps" / place
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert checkpoint_root() == tmp_path / "study/.checkpoints"
    # Folders that are DVC's, but not those of experiments.
    for other in (tmp_path / "study/.dvc/tmp", tmp_path / "study"):
        monkeypatch.chdir(other)
        assert checkpoint_root() == Path(".checkpoints")


def test_a_training_that_another_process_runs_is_not_begun(tmp_path):
    code = (
        "import sys; from zc.lockfile import LockFile;"
        "lock = LockFile(sys.argv[1], content_template='process {pid} on {hostname}');"
        "print(flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], **pipes) as other:
        other.stdout.readline()
        with pytest.raises(SystemExit, match=f"already being run by process {other.pid} on "):
            ResumeCheckpoint(tmp_path).on_train_begin()
        # In a container another process may have this process' number.
        mine = f" process {os.getpid()} on elsewhere\n"
        (tmp_path / "lock").write_text(mine)
        with pytest.raises(SystemExit, match="on elsewhere"):
            ResumeCheckpoint(tmp_path).on_train_begin()
        # Its lock ends with it, however it ends.
        other.kill()
    checkpoint = ResumeCheckpoint(tmp_path)
    checkpoint.on_train_begin()
    checkpoint.clear()
    assert not tmp_path.exists()
