"""ferd.cluster: what a worker does for a trial, and when it ends one early."""

import json
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import optuna
import pytest

from ferd.cluster import head, trials, worker
from ferd.cluster.worker import FIRST_EPOCH, Pruning
from ferd.study.spaces import Between, OneOf


@pytest.mark.parametrize("ended", ["complete", "pruned", "failed"])
def test_checkpoints_end_with_a_trial_that_is_not_run_again(ended, tmp_path, monkeypatch):
    def run_job(clone, line, log, environment, wanted):
        Path(environment["FERD_CHECKPOINTS"], "key").mkdir(parents=True)
        log.write_text("")
        if ended == "complete":
            Path(json.loads(line)["result"]).write_text("0.0")
        return 0 if ended == "complete" else -9

    fake = SimpleNamespace(address="tcp://one:1", due=ended == "pruned")
    monkeypatch.setattr("distributed.get_worker", lambda: fake)
    clone = tmp_path / "clone"
    clone.mkdir()
    monkeypatch.setattr(worker, "clone_of", lambda source, folder: clone)
    monkeypatch.setattr(worker, "Pruning", lambda *arguments: fake)
    monkeypatch.setattr(worker, "run_job", run_job)
    source = {"url": "", "folder": ".", "places": {}, "journal": "", "checkpoints": str(tmp_path)}
    (tmp_path / "small-001").mkdir()
    found = worker.run_on_worker("key", source, {"experiment": "small-000", "trial": 0})
    assert (found["entry"] == 0.0) == (ended == "complete") and found["pruned"] == fake.due
    assert (tmp_path / "small-000").exists() == (ended == "failed")
    assert (tmp_path / "small-001").exists()
    # What was killed may have left half a file in its clone.
    assert clone.exists() == (ended == "complete")


LOSS = {"experiment": "one-000", "watched": "val_loss"}


def test_a_trial_is_judged_by_its_best_epoch_so_far_whenever_that_was(tmp_path):
    journal, log = tmp_path / "one.journal", tmp_path / "log.txt"
    study = trials.open_study(journal, "one", 1)
    trial = study.ask(trials.distributions({"x": Between(0.0, 1.0)}))
    job = {"experiment": "one-000", "watched": "val_accuracy", "trial": trial._trial_id}
    line = "Epoch {}/9\n9/9 - 1s - accuracy: 0.9 - val_accuracy: {} - val_loss: 1.5\n"
    log.write_text(line.format(1, 0.5) + line.format(2, 0.4))
    Pruning(str(journal), job, log).is_due()
    # The worker died; the log of the resumed training begins with the next epoch.
    log.write_text(line.format(3, 0.3) + line.format(4, 0.6))
    Pruning(str(journal), job, log).is_due()
    assert study.trials[0].intermediate_values == {1: 0.5, 2: 0.5, 3: 0.5, 4: 0.6}


def test_a_trial_that_is_behind_is_due_to_end(tmp_path):
    journal, log = tmp_path / "one.journal", tmp_path / "log.txt"
    study = trials.open_study(journal, "one", 1)
    due = []
    for loss in (0.1, 0.1, 0.1, 0.1, 5.0):
        trial = study.ask(trials.distributions({"x": Between(0.0, 1.0)}))
        lines = [f"Epoch {n}/8\n9/9 - 1s - val_loss: {loss + 1 / n:.4e}\n" for n in range(1, 9)]
        log.write_text("".join(lines))
        pruning = Pruning(str(journal), {**LOSS, "trial": trial._trial_id}, log)
        due.append(pruning.is_due())
        assert list(study.trials[-1].intermediate_values) == list(range(1, 9))
        state = optuna.trial.TrialState
        study.tell(trial, state=state.PRUNED) if due[-1] else study.tell(trial, 1.0)
    assert due[-1] and not all(due)


def test_a_trial_is_not_due_before_the_losses_say_something(tmp_path):
    journal, log = tmp_path / "one.journal", tmp_path / "log.txt"
    study = trials.open_study(journal, "one", 1)
    for loss in (0.1, 5.0):
        trial = study.ask(trials.distributions({"x": Between(0.0, 1.0)}))
        lines = [f"Epoch {n}/60\n9/9 - 1s - val_loss: {loss:.4e}\n" for n in range(1, 61)]
        pruning = Pruning(str(journal), {**LOSS, "trial": trial._trial_id}, log)
        log.write_text("".join(lines[: FIRST_EPOCH - 1]))
        assert not pruning.is_due()
        log.write_text("".join(lines[:FIRST_EPOCH]))
        assert pruning.is_due() == (loss == 5.0)


def test_a_line_is_read_once_it_is_whole(tmp_path):
    journal, log = tmp_path / "one.journal", tmp_path / "log.txt"
    study = trials.open_study(journal, "one", 1)
    trial = study.ask(trials.distributions({"x": Between(0.0, 1.0)}))
    pruning = Pruning(str(journal), {**LOSS, "trial": trial._trial_id}, log)
    for text in ("Epoch 1/9\n9/9 - 1s - val_loss: 1.5e-", "04", "\nEpoch 2/9\n"):
        log.write_text(log.read_text() + text if log.exists() else text)
        pruning.is_due()
    assert study.trials[0].intermediate_values == {1: -1.5e-4}


def test_a_trial_waits_where_there_is_no_worker_for_the_moment(tmp_path, monkeypatch):
    """It ends after a worker has come; no trial has failed."""
    future = Mock(**{"result.return_value": {"entry": 0.5, "seconds": 1.0}})
    client = SimpleNamespace(nthreads=dict, submit=lambda *one, **options: future)
    monkeypatch.setattr("distributed.wait", lambda left, return_when: SimpleNamespace(done=left))
    monkeypatch.setattr(head, "declared_resources", lambda client: {})
    monkeypatch.setattr(head, "places_of", lambda client, cores: {})
    study = trials.open_study(tmp_path / "one.journal", "one", 1)
    trials.run_trials(client, study, {"x": Between(0.0, 1.0)}, 3, {}, {})
    assert [one.value for one in study.trials] == [0.5] * 3


def test_a_list_is_drawn_and_comes_back():
    lists = [0.2, 0.2, 0.2, 0.2], [0.25, 0.3, 0.35, 0.4]
    space = {"block_dropout": OneOf(lists), "kind": OneOf(("a", True, 1.5)), "n": Between(0.0, 1.0)}
    study = optuna.create_study()
    for _ in range(9):
        drawn = study.ask(trials.distributions(space)).params
        found = trials.values_of(space, drawn)
        assert found["block_dropout"] in lists
        assert {**found, "block_dropout": drawn["block_dropout"]} == drawn
