"""ferd.study.pipeline: the part of the pipeline that `make demo` runs."""

from pathlib import Path

import pytest

from ferd.study.pipeline import keep_stages, paths_of, read_pipeline

PIPELINE = read_pipeline(Path(__file__).resolve().parents[2] / "dvc.yaml")
CHAIN = ("fetch", "crop", "audit", "train", "summary")


def test_a_kept_stage_loses_the_deps_that_no_kept_stage_writes():
    kept = keep_stages(PIPELINE, CHAIN)["stages"]
    deps = paths_of(kept["summary"], "deps")
    assert {"metrics/train.json", "metrics/cost/train.json", "stages/summary.py"} <= set(deps)
    assert not [path for path in deps if "ablation" in path or "replicate" in path]


def test_a_kept_stage_keeps_everything_else():
    kept = keep_stages(PIPELINE, CHAIN)["stages"]
    assert list(kept) == list(CHAIN)
    assert kept["train"] == PIPELINE["stages"]["train"]


def test_plots_of_stages_left_out_are_left_out():
    titles = [next(iter(plot)) for plot in keep_stages(PIPELINE, CHAIN)["plots"]]
    assert titles == ["train_accuracy", "train_loss"]


def test_the_given_pipeline_is_not_changed():
    before = repr(PIPELINE)
    keep_stages(PIPELINE, CHAIN)
    assert repr(PIPELINE) == before


def test_a_stage_that_dvc_yaml_lacks_is_an_error():
    with pytest.raises(KeyError, match="training"):
        keep_stages(PIPELINE, ["training"])
