"""ferd.study.pipeline: stages one by one, and the part of the pipeline that `make demo` runs."""

from pathlib import Path

import pytest

from ferd.study.pipeline import expand, keep_stages, paths_of, read_pipeline, written_by

PIPELINE = read_pipeline(Path(__file__).resolve().parents[2] / "dvc.yaml")
CHAIN = ("settings", "fetch", "crop", "audit", "train", "score@train", "summary")
SMALL = {
    "stages": {
        "make": {
            "foreach": {"a": {"run": "a/1", "seed": 1}, "b": {"run": "b/2", "seed": 2}},
            "do": {"cmd": "make ${item.run} ${item.seed} ${key}", "outs": ["data/${item.run}"]},
        },
        "draw": {"foreach": ["x", "y"], "do": {"cmd": "draw ${item}", "deps": ["data/a/1"]}},
        "again": {
            "matrix": {"kind": ["k", "l"], "seed": [1, 2]},
            "cmd": "${item.kind} ${item.seed}",
        },
        "end": {"cmd": "end", "deps": ["data/a/1", "data/b"], "plots": [{"plots/z": {}}]},
    },
    "plots": [{"curve": {"y": {"data/b/2": "y"}}}, "plots/z"],
}


def test_lines_of_a_foreach_and_a_matrix_are_stages_by_dvcs_names():
    stages = expand(SMALL)
    assert list(stages) == [
        *("make@a", "make@b", "draw@x", "draw@y"),
        *("again@k-1", "again@k-2", "again@l-1", "again@l-2", "end"),
    ]
    assert stages["make@b"] == {"cmd": "make b/2 2 b", "outs": ["data/b/2"]}
    assert stages["draw@y"]["cmd"] == "draw y"
    assert stages["again@l-1"] == {"cmd": "l 1"}


def test_dvc_reads_the_same_stages():
    from dvc.repo import Repo

    with Repo(Path(__file__).resolve().parents[2]) as repo:
        found = {
            stage.name: stage for stage in repo.index.stages if stage.path_in_repo == "dvc.yaml"
        }
    stages = expand(PIPELINE)
    assert set(found) == set(stages)
    for name, stage in stages.items():
        assert found[name].cmd == stage["cmd"]
        assert {
            dep.def_path for dep in found[name].deps if not hasattr(dep, "params") or not dep.params
        } >= set(paths_of(stage, "deps"))


def test_what_stages_write_into_a_folder():
    assert written_by(SMALL, "data") == ["data/a/1", "data/b/2"]
    assert written_by(SMALL, "plots") == ["plots/z"]


def test_a_kept_stage_loses_the_deps_that_no_kept_stage_writes():
    kept = keep_stages(SMALL, ["make@a", "end"])
    assert kept["stages"]["end"]["deps"] == ["data/a/1"]
    assert kept["stages"]["make_a"] == expand(SMALL)["make@a"] | {"deps": []}
    assert kept["plots"] == ["plots/z"]


def test_a_stage_without_its_line_keeps_all_lines():
    assert list(keep_stages(SMALL, ["make"])["stages"]) == ["make_a", "make_b"]


def test_the_chain_reads_no_file_of_another_stage():
    kept = keep_stages(PIPELINE, CHAIN)["stages"]
    given = {path for one in kept.values() for path in paths_of(one, "outs", "metrics", "plots")}
    gone = written_by(PIPELINE, "data") + written_by(PIPELINE, "plots")
    for stage in kept.values():
        assert not set(paths_of(stage, "deps")) & (set(gone) - given)
    assert "metrics/details" in kept["summary"]["deps"]


def test_the_given_pipeline_is_not_changed():
    before = repr(PIPELINE)
    keep_stages(PIPELINE, CHAIN)
    assert repr(PIPELINE) == before


def test_a_stage_that_dvc_yaml_lacks_is_an_error():
    with pytest.raises(KeyError, match="training"):
        keep_stages(PIPELINE, ["training"])
