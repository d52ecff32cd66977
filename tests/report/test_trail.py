"""ferd.report.trail: the rows and tables of tried recipes."""

import json
from pathlib import Path

import pytest
import yaml

from ferd.report import trail, trail_table
from ferd.report.trail_table import END, GPU_END, GPU_START, START

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
        return json.dumps(METRICS if words[-1].endswith("metrics/search.json") else COST)

    monkeypatch.setattr(trail, "call", call)
    files = trail.run_experiment("No mixing!", ["search.mixup=0.0"])
    assert files == {"metrics": METRICS, "cost": COST}
    assert "--temp" in calls[0] and calls[0][-3:] == ("-S", "search.mixup=0.0", "search")
    assert ("git", "show", "def:metrics/search.json") in calls


def test_an_experiment_that_dvc_did_not_keep_is_an_error():
    with pytest.raises(SystemExit, match="kept no experiment"):
        trail.commit_of("mine", "abc commit refs/exps/12/34/other")


def test_row_of_a_finished_stage_names_the_changes_that_search_needs_to_train_it(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    base = {"seed": 2024, "widths": [32, 64], "optimizer": "sgd", "mixup": 0.0, "views": "flip"}
    own = {"widths": [24, 48], "optimizer": "sgd", "mixup": 0.1, "views": "centre"}
    sections = {"search": base, "compact": own, "headline": {"compact": [7, 8]}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(sections, sort_keys=False))
    for folder, content in (("metrics/compact", METRICS), ("metrics/cost/compact", COST)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "7.json").write_text(json.dumps(content))
    changes, files = trail.finished("compact")
    assert changes == ["search.widths=[24,48]", "search.mixup=0.1", "search.seed=7"]
    assert files == {"metrics": METRICS, "cost": COST}


def test_row_of_a_training_on_a_gpu_names_what_its_tree_has_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for where, zoom in ((tmp_path, 0.2), (tmp_path / "tried", 0.1)):
        sections = {"benchmark_gpu": {"zoom": zoom, "epochs": 60}, "score_gpu": {}}
        sections["score_gpu"]["benchmark_gpu"] = [7, 8]
        where.mkdir(exist_ok=True)
        (where / "params.yaml").write_text(yaml.safe_dump(sections))
    for folder, content in (("benchmark_gpu", METRICS), ("cost/benchmark_gpu", COST)):
        (tmp_path / "tried/metrics" / folder).mkdir(parents=True)
        (tmp_path / "tried/metrics" / folder / "8.json").write_text(json.dumps(content))
    changes, files = trail.finished_on_gpu("benchmark_gpu", tmp_path / "tried")
    assert changes == ["benchmark_gpu.zoom=0.1"] and files == {"metrics": METRICS, "cost": COST}
    with pytest.raises(SystemExit, match="run the stage first"):
        trail.finished_on_gpu("benchmark_gpu", tmp_path)


def test_another_tree_is_only_read_for_stages_on_a_gpu(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["trail", "x", "--of", "compact", "--root", "elsewhere"])
    with pytest.raises(SystemExit):
        trail.main()
    assert "--root is for --of one of benchmark_gpu" in capsys.readouterr().err


def test_a_stage_that_has_not_been_run_gives_no_row(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sections = {"search": {}, "compact": {}, "headline": {"compact": [7]}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(sections))
    with pytest.raises(SystemExit, match="run the stage first"):
        trail.finished("compact")


def test_finished_stages_train_as_search_does():
    sections = yaml.safe_load((ROOT / "params.yaml").read_text())
    for stage in trail.FINISHED:
        for key in ("split", "exclude_test_copies", "targets"):
            assert sections[stage][key] == sections["search"][key]


def test_a_command_that_fails_ends_the_trail():
    with pytest.raises(SystemExit, match="status 1"):
        trail.call("false")
