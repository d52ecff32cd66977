"""ferd.study.details: a missing or broken file stops the reader; dvc.yaml lists the files."""

import json
from pathlib import Path

import pytest
import yaml

from ferd.study.details import read_costs, read_details

OUTS = [
    *("metrics/details/crop.json", {"metrics/details/train.json": {"cache": False}}),
    *("metrics/cost/crop.json", "plots/train/predictions.csv"),
]
RUNS = {
    "foreach": [2024, 2025],
    "do": {
        "outs": ["metrics/details/improved/${item}.json", "metrics/cost/improved/${item}.json"],
    },
}


@pytest.fixture(autouse=True)
def pipeline(empty_folder):
    """A dvc.yaml of two files of details and of a run per seed."""
    stages = {"stages": {"one": {"outs": OUTS}, "score": RUNS}}
    Path("dvc.yaml").write_text(yaml.safe_dump(stages, sort_keys=False))


def write(*names, text='{"found": 1}'):
    for path in (Path("metrics", f"{name}.json") for name in names):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_missing_file_stops_the_reader_with_its_path():
    write("details/crop")
    with pytest.raises(SystemExit, match=r"metrics/details/train\.json cannot be read"):
        read_details()


def test_partial_takes_what_is_there():
    write("details/crop")
    assert read_details(partial=True) == {"crop": {"found": 1}}


def test_a_broken_file_is_an_error_even_in_part():
    write("details/crop", text="{")
    with pytest.raises(SystemExit, match="crop"):
        read_details(partial=True)


def test_a_file_that_no_stage_writes_any_more_is_left_out():
    write("details/crop", "details/train", "details/retired", "details/improved/2023")
    assert list(read_details(partial=True)) == ["crop", "train"]


def test_every_run_has_its_own_cost_by_its_path_in_the_order_of_the_stages():
    names = ("improved/2025", "improved/2024", "crop")
    write(*(f"cost/{name}" for name in names), text=json.dumps({"seconds": 1.0}))
    assert list(read_costs()) == ["crop", "improved/2024", "improved/2025"]
