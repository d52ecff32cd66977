"""ferd.report.trail: the rows and tables of tried recipes."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from ferd.report import trail
from ferd.report.tables import trail_runs, trail_table
from ferd.report.tables.trail_table import END, GPU_END, GPU_START, START
from ferd.study.details import folder_of
from ferd.study.pipeline import expand, paths_of, read_pipeline

ROOT = Path(__file__).resolve().parents[2]

METRICS = {
    "parameters": 10,
    "multiply_adds": 20,
    "validation": {"flip": {"accuracy": 0.5, "macro_f1": 0.4}},
}
COST = {"epochs": 3, "training_seconds": 90.0}


def test_a_row_says_what_was_changed_and_what_it_scored():
    row = trail.row("no mixing", ["search.mixup=0.0"], METRICS, COST)
    assert row["name"] == "no mixing" and row["changes"] == ["search.mixup=0.0"]
    assert row["validation"] == {"flip": 0.5}
    assert (row["epochs"], row["minutes"]) == (3, 1.5)


def test_rows_stand_in_the_order_of_the_runs(tmp_path):
    for name in ("first", "second"):
        trail.note(tmp_path / "trail.json", {"name": name})
    rows = json.loads((tmp_path / "trail.json").read_text())
    assert [row["name"] for row in rows] == ["first", "second"]


def test_table_has_a_row_per_recipe_with_every_view():
    row = trail.row("no mixing", ["search.mixup=0.0", "search.seed=1"], METRICS, COST)
    lines = trail_table.trail_table([row, row]).splitlines()
    assert lines[2] == (
        "| no mixing | `search.mixup=0.0` `search.seed=1` | 50.00 | 10 | 0.0 | 3 (1.5) |"
    )
    assert len(lines) == 4


def test_committed_tables_are_what_the_committed_trail_gives():
    text = (ROOT / trail.DOCUMENT).read_text()
    assert trail_table.with_tables(text, json.loads((ROOT / trail.TRAIL).read_text())) == text


def test_what_was_trained_on_a_gpu_stands_in_a_table_of_its_own():
    marks = (START, END, GPU_START, GPU_END)
    rows = [
        trail.row("slow", [], METRICS, COST),
        trail.row("fast", [], METRICS, COST | {"device": "H100"}),
    ]
    text = trail_table.with_tables("\n".join(marks), rows)
    assert text.index("slow") < text.index(END) < text.index("fast")
    assert text.count("| 3 (1.5) |") == 2


def test_params_of_other_sections_are_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(trail, "call", lambda *words, **_: pytest.fail("ran"))
    with pytest.raises(SystemExit, match="only params of the section search"):
        trail.run_experiment("x", ["train.epochs=1"])


def test_experiment_is_run_on_the_commit_and_read_from_its_own_commit(monkeypatch):
    calls = []

    def call(*words, show=False):
        calls.append(words)
        if words[:2] == ("git", "for-each-ref"):
            return "abc commit refs/exps/12/34/other\ndef commit refs/exps/12/34/no-mixing\n"
        return json.dumps(METRICS if "details" in words[-1] else COST)

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(trail, "call", call)
    files = trail.run_experiment("No mixing!", ["search.mixup=0.0"])
    assert files == {"metrics": METRICS, "cost": COST}
    assert {"--temp", "--single-item"} < set(calls[0])
    assert calls[0][-5:] == ("-S", "++search.mixup=0.0", *trail.STAGES)
    assert ("git", "show", "def:metrics/details/search/2024.json") in calls


def test_the_stages_of_an_experiment_are_those_of_dvc_yaml_in_order():
    stages = expand(read_pipeline(ROOT / "dvc.yaml"))
    assert [name for name in stages if name in trail.STAGES] == list(trail.STAGES)
    assert "data/search/2024/results" in paths_of(stages[trail.STAGES[-1]], "deps")


def test_an_experiment_that_dvc_did_not_keep_is_an_error():
    with pytest.raises(SystemExit, match="kept no experiment"):
        trail.commit_of("mine", "abc commit refs/exps/12/34/other")


@pytest.fixture
def small_study(empty_folder):
    """The project's settings and a dvc.yaml of two runs of `compact` and one of `search`."""
    runs = ("search 7", "compact 7", "compact 8", "compact_ferplus 7")
    cmds = {run.replace(" ", "_"): run for run in runs}
    body = {"cmd": "python -m stages.train_recipe ${item}"}
    stages = {"recipe": {"foreach": cmds, "do": body}}
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": stages}, sort_keys=False))
    shutil.copyfile(ROOT / "params.yaml", "params.yaml")


def write_files(root, run):
    for folder, content in (("details", METRICS), ("cost", COST)):
        path = Path(root, folder_of(run.split("/")[0], f"metrics/{folder}"), f"{run}.json")
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content))


def change(root, section, **values):
    path = Path(root, "params.yaml")
    sections = yaml.safe_load((ROOT / "params.yaml").read_text())
    sections[section] |= values
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(sections, sort_keys=False))


def test_row_of_a_finished_run_names_the_changes_that_search_needs_to_train_it(small_study):
    change(".", "compact", label_smoothing=0.05, views="centre")
    write_files(".", "compact/7")
    changes, files = trail_runs.finished("compact")
    assert {"search.widths=[24,48,96,192]", "search.label_smoothing=0.05"} <= set(changes)
    assert not [change for change in changes if "views" in change or "seed" in change]
    assert files == {"metrics": METRICS, "cost": COST}


def test_a_recipe_of_other_training_faces_or_labels_gives_no_row(small_study):
    with pytest.raises(SystemExit, match=r"compact_ferplus\.targets is not that of search"):
        trail_runs.finished("compact_ferplus")


def test_a_network_of_other_classes_gives_no_row(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["trail", "eight classes", "--of", "benchmark_ferplus"])
    with pytest.raises(SystemExit):
        trail.main()
    assert "invalid choice: 'benchmark_ferplus'" in capsys.readouterr().err


def test_a_run_that_is_not_there_gives_no_row(small_study):
    with pytest.raises(SystemExit, match="run the stage first"):
        trail_runs.finished("compact")


def test_row_of_a_training_on_a_gpu_names_what_its_tree_has_otherwise(small_study):
    change("tried", "benchmark_gpu", zoom=0.1)
    write_files("tried", "benchmark_gpu/8")
    changes, files = trail_runs.finished_on_gpu("benchmark_gpu", Path("tried"))
    assert changes == ["benchmark_gpu.zoom=0.1"] and files == {"metrics": METRICS, "cost": COST}
    with pytest.raises(SystemExit, match="run the stage first"):
        trail_runs.finished_on_gpu("benchmark_gpu", Path())


def test_another_tree_is_only_read_for_networks_on_a_gpu(small_study, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["trail", "x", "--of", "compact", "--root", "elsewhere"])
    with pytest.raises(SystemExit):
        trail.main()
    assert "--root is for --of a network that is trained on a GPU" in capsys.readouterr().err


def test_a_command_that_fails_ends_the_trail():
    with pytest.raises(SystemExit, match="status 1"):
        trail.call("false")
