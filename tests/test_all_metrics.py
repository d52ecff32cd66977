"""ferd.all_metrics: what is missing or broken is named, never passed over."""

import json

import pytest

from ferd.all_metrics import read_all, read_costs


def test_a_missing_metrics_file_stops_the_summary_and_names_the_stage(tmp_path):
    with pytest.raises(SystemExit, match="run dvc repro fetch"):
        read_all(tmp_path)


def test_partial_takes_what_is_there(tmp_path):
    (tmp_path / "crop.json").write_text(json.dumps({"found": 1}))
    assert read_all(tmp_path, partial=True) == {"crop": {"found": 1}}


def test_a_broken_metrics_file_is_an_error_even_in_part(tmp_path):
    (tmp_path / "crop.json").write_text("{")
    with pytest.raises(SystemExit, match="crop"):
        read_all(tmp_path, partial=True)


def test_each_training_of_a_repeated_stage_has_its_own_cost(tmp_path):
    for name in ("crop", "improved/2025", "improved/2024"):
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"seconds": 1.0}))
    assert list(read_costs(tmp_path, partial=True)) == ["crop", "improved/2024", "improved/2025"]
