"""ferd.cluster.sweep: trials are DVC experiments, are pruned, and go on after a stop."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from dvc.repo import Repo

from ferd.cluster import connect, plan, sweep, trials
from ferd.study.settings import check_all
from ferd.study.spaces import SWEEPS, Between, OneOf, Sweep
from tests.helpers.code import ROOT
from tests.helpers.settings import VALUES, write
from tests.helpers.small_pipeline import dvc, git, make_study

# A training of 16 epochs, whose loss and score are best at x = 0.3 and with the kind "good". It has
# a checkpoint, which it does not delete.
FIT = """
import json, os, sys
from pathlib import Path
import yaml
values = yaml.safe_load(Path("params.yaml").read_text())["search"]
error = (values["x"] - 0.3) ** 2 + (values.get("kind") == "bad")
state = Path(os.environ.get("FERD_CHECKPOINTS", "data"), "key", "state.txt")
done = int(state.read_text()) if state.exists() else 0
state.parent.mkdir(parents=True, exist_ok=True)
for epoch in range(done + 1, 17):
    print(f"Epoch {epoch}/16")
    print(f"9/9 - 1s - loss: 1.0 - val_loss: {error + 1 / epoch:.4f}", flush=True)
    state.write_text(str(epoch))
if values.get("kind") == "broken":
    sys.exit("it is broken")
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
    {
        **{"x": Between(0.0, 1.0), "kind": OneOf(("good", "bad"))},
        **{"rates": OneOf(([0.1, 0.25], [0.3])), "width": Between(1, 8, whole=True)},
    },
    ("fit", "score"),
    ("metrics/search.json", "validation_accuracy"),
    "val_loss",
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


def search(client, count, tmp_path, one=SMALL):
    folder = str(tmp_path / "clones")
    Path(folder).mkdir(exist_ok=True)
    return sweep.search(client, "small", "search", one, count, seed=1, folder=folder)


def journal_of(study):
    """Path of the sweep's journal, and the folder of its checkpoints."""
    name = f"small-{git(study, 'rev-parse', 'HEAD')[:10]}"
    shared = study / ".dvc/cache/ferd"
    return shared / f"sweeps/{name}.journal", shared / f"checkpoints/{name}"


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
    text, best = Path("params.yaml").read_text(), found.best_params
    tried = {**best, "rates": json.loads(best["rates"])}
    assert yaml.safe_load(text)["search"] == tried and "# Why." in text
    assert tried["rates"] in SMALL.space["rates"].values and isinstance(tried["width"], int)
    score = json.loads(Path("metrics/search.json").read_text())["validation_accuracy"]
    assert score == pytest.approx(found.best_value)
    assert float(Path("data/model.txt").read_text()) == pytest.approx(1 - found.best_value)
    assert len(pd.read_csv("build/sweeps/small/trials.csv")) == len(found.trials)
    assert Path("build/sweeps/small/history.png").exists()


def test_a_stopped_sweep_goes_on_with_the_trial_that_was_running(client, study, tmp_path):
    """It has its losses, which the resumed training does not print again, and its checkpoint."""
    journal, checkpoints = journal_of(study)
    journal.parent.mkdir(parents=True)
    first = trials.open_study(journal, "small", 1)
    first.ask()  # the head died before it had drawn all values
    running = first.ask(trials.distributions(SMALL.space))
    for epoch in range(1, 8):
        running.report(-9.0, epoch)
    state = checkpoints / "small-001/key/state.txt"
    state.parent.mkdir(parents=True)
    state.write_text("7")
    found = search(client, 1, tmp_path)
    assert [one.state.name for one in found.trials] == ["FAIL", "COMPLETE"]
    ended = found.trials[1]
    assert ended.params == running.params and list(ended.intermediate_values) == list(range(1, 17))
    assert ended.intermediate_values[7] == -9.0 < ended.intermediate_values[8]
    assert not checkpoints.exists()
    with connect.only_head(journal), pytest.raises(SystemExit, match="already running: process"):
        search(client, 2, tmp_path)
    assert len(search(client, 1, tmp_path).trials) == 2


def test_a_trial_that_fails_keeps_its_checkpoint(client, study, tmp_path):
    broken = SMALL._replace(space={"kind": OneOf(("broken",))})
    with pytest.raises(SystemExit, match="the last trials failed"):
        search(client, 1, tmp_path, broken)
    assert (journal_of(study)[1] / "small-000/key/state.txt").read_text() == "16"


def test_a_trial_needs_the_most_that_one_of_its_stages_does(study, monkeypatch):
    """And nothing that only a stage before it does: that one has run."""
    needs = {"first": {"GPU": 1}, "fit": {"MEMORY": 9, "DISK": 2}, "score": {"MEMORY": 5}}
    monkeypatch.setattr(plan, "needs_of", lambda stage, cost: needs[stage.name])
    assert sweep.inputs_and_needs(Repo(), SMALL.stages)[1] == {"MEMORY": 9, "DISK": 2}


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


@pytest.mark.parametrize("section", SWEEPS)
def test_every_value_of_a_space_is_allowed_in_the_section(section, empty_folder):
    for end in (0, -1):
        sections = {name: dict(values) for name, values in VALUES.items()}
        for key, values in SWEEPS[section].space.items():
            choices = values.values if isinstance(values, OneOf) else (values.low, values.high)
            sections[section][key] = choices[end]
        write(sections)
        check_all()


@pytest.mark.parametrize("section", SWEEPS)
def test_a_sweep_s_stages_predict_no_test_image(section):
    from stages.score import SEARCHES

    assert section in SEARCHES
    file, key = SWEEPS[section].score
    scores = json.loads((ROOT / file).read_text())
    assert key in scores and not {"accuracy", "macro_f1"} & set(scores)
