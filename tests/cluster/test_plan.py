"""ferd.cluster.plan: what waits for what, and what each stage needs."""

import json
from types import SimpleNamespace

import pytest
from dvc.repo import Repo

from ferd.cluster.plan import Step, inputs_of, minutes_to_the_end, needs_of, read_plan
from ferd.study.pipeline import expand, paths_of, read_pipeline
from tests.helpers.code import ROOT


@pytest.fixture(scope="module")
def plan():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return read_plan(Repo())


def test_every_stage_of_the_study_is_there_after_those_that_it_waits_for(plan):
    assert set(plan) == set(expand(read_pipeline(ROOT / "dvc.yaml")))
    seen = set()
    for name, step in plan.items():
        assert step.before <= seen, name
        seen.add(name)


def test_a_stage_waits_for_all_that_writes_into_a_folder_that_it_reads(plan):
    stages = expand(read_pipeline(ROOT / "dvc.yaml"))
    writes = {
        name
        for name, stage in stages.items()
        if any(path.startswith("plots/replicate/") for path in paths_of(stage, "plots"))
    }
    assert "replicate@train_2025" in writes and "score@train_2025" in writes
    assert writes <= plan["claims"].before


def test_what_dvc_add_tracks_is_given_to_the_stage_that_reads_it(plan):
    assert plan["fetch"].sources == ("data/source.zip.dvc",)
    assert inputs_of(plan, ["fetch"], {"settings": {}})["data/source.zip.dvc"] is None
    assert plan["crop"].sources == ()
    with pytest.raises(SystemExit, match="run them first: dvc repro fetch"):
        inputs_of(plan, ["crop"], {"settings": {}})


def test_a_training_has_its_cost_and_its_score_stage_has_none(plan):
    cost = json.loads((ROOT / "metrics/cost/train.json").read_text())
    assert plan["train"].minutes == pytest.approx(cost["seconds"] / 60)
    assert plan["train"].resources["MEMORY"] == int(cost["peak_memory_gib"] * 2**30)
    assert plan["score@train"].minutes == 0


def test_a_stage_with_a_cost_of_its_own_has_that_one(plan):
    """The run flip_averaging is a part of what the stage probabilities does."""
    cost = json.loads((ROOT / "metrics/cost/probabilities.json").read_text())
    assert plan["probabilities"].minutes == pytest.approx(cost["seconds"] / 60)


def test_targets_bring_what_they_wait_for_and_nothing_else(monkeypatch):
    monkeypatch.chdir(ROOT)
    repo = Repo()
    assert list(read_plan(repo, ["train"])) == [
        "settings",
        "fetch",
        "crop",
        "split_groups",
        "train",
    ]
    with pytest.raises(KeyError, match="trian"):
        read_plan(repo, ["trian"])


def test_resources_of_a_stage_s_meta_come_before_its_memory():
    stage = SimpleNamespace(meta={"resources": {"GPU": 1, "MEMORY": 5}})
    assert needs_of(stage, {"peak_memory_gib": 2}) == {"GPU": 1, "MEMORY": 5}
    assert needs_of(SimpleNamespace(meta=None), {"peak_memory_gib": 2}) == {"MEMORY": 2**31}
    assert needs_of(SimpleNamespace(meta=None), {}) == {}


def test_the_longest_chain_comes_first():
    def step(minutes, *before):
        return Step(frozenset(before), (), {}, minutes)

    plan = {"a": step(1), "b": step(2, "a"), "c": step(9, "a"), "d": step(5, "b", "c")}
    assert minutes_to_the_end(plan) == {"a": 15, "b": 7, "c": 14, "d": 5}
