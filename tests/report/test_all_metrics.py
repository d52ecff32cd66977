"""ferd.report.all_metrics: a missing or broken file stops the stage; dvc.yaml lists the files."""

import json
from pathlib import Path

import pytest
import yaml

from ferd.report.all_metrics import read_all, read_costs

DEPS = [
    *("metrics/crop.json", "metrics/train.json", "metrics/cost/crop.json"),
    *("metrics/cost/improved", "plots/train/predictions.csv"),
]


@pytest.fixture(autouse=True)
def pipeline(empty_folder):
    """A dvc.yaml whose stage `summary` gathers the metrics of two stages and of a repeated one."""
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": {"summary": {"deps": DEPS}}}))


def write(*paths, text='{"found": 1}'):
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_missing_metrics_file_stops_the_summary_with_the_stage_to_run():
    write("metrics/crop.json")
    with pytest.raises(SystemExit, match="run dvc repro train"):
        read_all("metrics")


def test_partial_takes_what_is_there():
    write("metrics/crop.json")
    assert read_all("metrics", partial=True) == {"crop": {"found": 1}}


def test_a_broken_metrics_file_is_an_error_even_in_part():
    write("metrics/crop.json", text="{")
    with pytest.raises(SystemExit, match="crop"):
        read_all("metrics", partial=True)


def test_metrics_of_a_stage_that_is_no_dep_are_left_out():
    write("metrics/crop.json", "metrics/train.json", "metrics/search.json")
    assert list(read_all("metrics")) == ["crop", "train"]


def test_each_training_of_a_repeated_stage_has_its_own_cost():
    names = ("crop", "improved/2025", "improved/2024", "compact/2024")
    write(*(f"metrics/cost/{name}.json" for name in names), text=json.dumps({"seconds": 1.0}))
    assert list(read_costs("metrics/cost")) == ["crop", "improved/2024", "improved/2025"]
