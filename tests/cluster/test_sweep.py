"""ferd.cluster.sweep: trials are DVC experiments, are pruned, and go on after a stop."""

import json
from pathlib import Path

import optuna
import pandas as pd
import pytest
import yaml

from ferd.cluster import sweep, trials
from ferd.study.settings import load_recipe
from ferd.study.spaces import SWEEPS, Between, OneOf, Sweep
from tests.helpers.code import ROOT
from tests.helpers.settings import PARAMS, VALUES, write
from tests.helpers.small_pipeline import dvc, git, make_study

# A training of 16 epochs, whose loss and score are best at x = 0.3 and with the kind "good".
FIT = """
import json
from pathlib import Path
import yaml
values = yaml.safe_load(Path("params.yaml").read_text())["search"]
error = (values["x"] - 0.3) ** 2 + (values.get("kind") == "bad")
for epoch in range(1, 17):
    print(f"Epoch {epoch}/16")
    print(f"9/9 - 1s - loss: 1.0 - val_loss: {error + 1 / epoch:.4f}", flush=True)
Path("data/model.txt").write_text(str(error))
"""
SCORE = """
import json
from pathlib import Path
error = float(Path("data/model.txt").read_text())
Path("metrics").mkdir(exist_ok=True)
Path("metrics/search.json").write_text(json.dumps({"validation_accuracy": 1 - error}))
"""
SMALL = Sweep(
    {"x": Between(0.0, 1.0), "kind": OneOf(("good", "bad"))},
    ("fit", "score"),
    ("metrics/search.json", "validation_accuracy"),
)


@pytest.fixture
def study(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    make_study(
        folder, tmp_path / "log", stages={"first": (["data/source.txt"], ["data/first.txt"])}
    )
    monkeypatch.chdir(folder)
    pipeline = yaml.safe_load(Path("dvc.yaml").read_text())
    pipeline["stages"]["fit"] = {
        **{"cmd": "python fit.py", "deps": ["data/first.txt", "fit.py"], "params": ["search"]},
        "outs": ["data/model.txt"],
    }
    pipeline["stages"]["score"] = {
        **{"cmd": "python score.py", "deps": ["data/model.txt", "score.py"]},
        "metrics": [{"metrics/search.json": {"cache": False}}],
    }
    Path("dvc.yaml").write_text(yaml.safe_dump(pipeline, sort_keys=False))
    Path("fit.py").write_text(FIT)
    Path("score.py").write_text(SCORE)
    Path("params.yaml").write_text("search:\n  # Why.\n  x: 0.9\n")
    dvc(folder, "repro")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "with a training")
    return folder


def search(client, count, tmp_path):
    folder = str(tmp_path / "clones")
    Path(folder).mkdir(exist_ok=True)
    return sweep.search(client, "small", "search", SMALL, count, seed=1, folder=folder)


def test_trials_are_experiments_that_dvc_shows_and_applies(client, study, tmp_path, capsys):
    before = git(study, "status", "--porcelain")
    found = search(client, 3, tmp_path)
    assert git(study, "status", "--porcelain").replace("?? build/\n", "") == before
    ended = [one for one in found.trials if one.state.name in trials.STATES]
    assert len(ended) == 3
    names = dvc(study, "exp", "list", "--name-only").split()
    complete = [one for one in ended if one.state.name == "COMPLETE"]
    assert sorted(names) == [f"small-{one.number:03d}" for one in complete]
    for one in complete:
        error = (one.params["x"] - 0.3) ** 2 + (one.params["kind"] == "bad")
        assert one.value == pytest.approx(1 - error)
        assert list(one.intermediate_values) == list(range(1, 17))
        assert one.intermediate_values[16] == pytest.approx(-error - 1 / 16, abs=1e-4)
    name = f"small-{found.best_trial.number:03d}"
    assert f"best {name}" in capsys.readouterr().out
    dvc(study, "exp", "apply", name)
    text = Path("params.yaml").read_text()
    assert yaml.safe_load(text)["search"] == found.best_params and "# Why." in text
    score = json.loads(Path("metrics/search.json").read_text())["validation_accuracy"]
    assert score == pytest.approx(found.best_value)
    assert float(Path("data/model.txt").read_text()) == pytest.approx(1 - found.best_value)
    assert len(pd.read_csv("build/sweeps/small/trials.csv")) == len(found.trials)
    assert Path("build/sweeps/small/history.png").exists()


def test_a_stopped_sweep_goes_on_with_the_trial_that_was_running(client, study, tmp_path):
    commit = git(study, "rev-parse", "HEAD")[:10]
    journal = study / f".dvc/cache/ferd/sweeps/small-{commit}.journal"
    first = trials.open_study(journal, "small", 1)
    running = first.ask({key: trials.distribution(one) for key, one in SMALL.space.items()})
    found = search(client, 1, tmp_path)
    assert found.trials[running.number].state.name == "FAIL"
    (ended,) = [one for one in found.trials if one.state.name in trials.STATES]
    assert ended.params == running.params
    again = search(client, 1, tmp_path)
    assert len(again.trials) == len(found.trials)


def test_changed_files_and_stages_that_have_not_run_are_refused(client, study, tmp_path):
    (study / "params.yaml").write_text("search:\n  x: 0.5\n")
    with pytest.raises(SystemExit, match=r"commit these first:\n ?M params.yaml"):
        search(client, 1, tmp_path)
    git(study, "checkout", "-q", "params.yaml")
    git(study, "rm", "-q", "--cached", "dvc.lock")
    git(study, "commit", "-qm", "no lock")
    (study / "dvc.lock").unlink()
    with pytest.raises(SystemExit, match="dvc repro first"):
        search(client, 1, tmp_path)


def test_a_trial_that_is_behind_is_due_to_end(tmp_path):
    from ferd.cluster.worker import Pruning

    journal, log = tmp_path / "one.journal", tmp_path / "log.txt"
    study = trials.open_study(journal, "one", 1)
    due = []
    for loss in (0.1, 0.1, 0.1, 0.1, 5.0):
        trial = study.ask({"x": trials.distribution(Between(0.0, 1.0))})
        lines = [f"Epoch {n}/8\n9/9 - 1s - val_loss: {loss + 1 / n:.4e}" for n in range(1, 9)]
        log.write_text("\n".join(lines))
        pruning = Pruning(str(journal), {"experiment": "one-000", "trial": trial._trial_id}, log)
        due.append(pruning.is_due())
        assert list(study.trials[-1].intermediate_values) == list(range(1, 9))
        state = optuna.trial.TrialState
        study.tell(trial, state=state.PRUNED) if due[-1] else study.tell(trial, 1.0)
    assert due[-1] and not all(due)


@pytest.mark.parametrize("section", SWEEPS)
def test_every_value_of_a_space_is_allowed_in_the_section(section, empty_folder):
    for end in (0, -1):
        sections = {name: dict(values) for name, values in VALUES.items()}
        for key, values in SWEEPS[section].space.items():
            choices = values.values if isinstance(values, OneOf) else (values.low, values.high)
            sections[section][key] = choices[end]
        write(sections)
        assert load_recipe(section, 2024)


@pytest.mark.parametrize("section", SWEEPS)
def test_a_sweep_s_stages_predict_no_test_image(section):
    from stages.train_recipe import SEARCH

    assert section == SEARCH
    file, key = SWEEPS[section].score
    scores = json.loads((ROOT / file).read_text())
    assert key in scores and not {"accuracy", "macro_f1"} & set(scores)
    assert PARAMS.exists()
