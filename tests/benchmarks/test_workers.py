"""benchmarks/workers.py: the reduced study, the comparison of its runs, and their table."""

import json

import pytest

from ferd.study.pipeline import keep_stages, read_pipeline
from tests.helpers.code import ROOT
from tests.helpers.settings import VALUES

SECTION = {
    **{"rounds": 1, "files": 25, "busy_cores": 0.1},
    "machine": {"processor": "P", "cores": 2, "instructions": ["avx2"]},
    "files_as_on_one_core": {
        **{"two_workers": 25, "three_workers": 25, "killed": 25},
        "one_after_the_other": 9,
    },
}


def test_the_reduced_study_is_a_part_of_the_study(load):
    workers = load("workers")
    kept = keep_stages(read_pipeline(ROOT / "dvc.yaml"), workers.CHAIN)["stages"]
    assert len(kept) == len(workers.CHAIN) == 13
    assert all(key in VALUES[name] for name, keys in workers.CHANGES.items() for key in keys)


def test_runs_are_compared_with_that_on_one_core(load, tmp_path, monkeypatch):
    workers = load("workers")
    monkeypatch.setattr(workers, "FOLDER", tmp_path)
    monkeypatch.setattr(workers.common, "busy_cores", lambda: 0.0)
    for name in ("one_core", "two_workers", "three_workers", "killed", "one_after_the_other"):
        for file, text in (
            ("metrics/a.json", "1"),
            ("plots/b.csv", name),
            ("metrics/cost/c", name),
        ):
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    medians = {"one_after_the_other": {"seconds": 30.0}, "two_workers": {"seconds": 20.0}}
    found = workers.compare(medians)
    assert found["times_one_after_the_other"] == {"one_after_the_other": 1.0, "two_workers": 1.5}
    assert found["files"] == 2 and set(found["files_as_on_one_core"].values()) == {1}
    (tmp_path / "killed/metrics/a.json").unlink()
    with pytest.raises(SystemExit, match=r"killed wrote other files: \['metrics/a.json'\]"):
        workers.compare(medians)


def test_the_table_has_minutes_and_ratios(load):
    tables = load("scaling.workers_table")
    seconds = dict.fromkeys(tables.RUNS, 90.0)
    ratios = dict.fromkeys(tables.RUNS, 1.234)
    section = SECTION | {"times_one_after_the_other": ratios}
    section |= {"median": {name: {"seconds": value} for name, value in seconds.items()}}
    text = tables.workers_block(section)
    assert "One run each; P, 2 cores, avx2." in text and "| `WORKERS=2` | 1.5 | 1.23 |" in text
    assert "wrote all with the same bytes" in text and "wrote 9, because" in text
    section |= {"busy_cores": 1.5}
    section["files_as_on_one_core"] = {**SECTION["files_as_on_one_core"], "killed": 24}
    section["files_as_on_one_core"]["one_after_the_other"] = 25
    text = tables.workers_block(section)
    assert "wrote 24 or 25 with the same bytes" in text and "because" not in text
    assert "Other programs used 1.5 cores" in text


def test_the_document_has_the_committed_measurements(load):
    section = json.loads((ROOT / "benchmarks/results.json").read_text())["workers"]
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    assert load("scaling.workers_table").workers_block(section) in text
