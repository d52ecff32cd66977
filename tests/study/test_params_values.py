"""ferd.study.params_file: a stage gets the values that DVC writes, records and compares."""

from pathlib import Path

import pytest
import yaml
from dvc.utils.hydra import apply_overrides
from dvc.utils.serialize import load_yaml

from ferd.study.params_file import read_params
from ferd.study.settings import load
from ferd.study.spaces import SWEEPS
from tests.helpers.settings import COMMITTED, PARAMS, refusal


def changed(old, new):
    """Writes the committed file with one line changed into the working folder."""
    assert f"\n  {old}\n" in COMMITTED
    Path("params.yaml").write_text(COMMITTED.replace(f"\n  {old}\n", f"\n  {new}\n", 1))


@pytest.mark.parametrize("value", ["0.00005", "5e-5", "1e-7", "0.001", "1E-3"])
def test_a_small_number_of_dvc_exp_run_is_a_number(value, empty_folder):
    Path("params.yaml").write_text(COMMITTED)
    apply_overrides("params.yaml", [f"train.learning_rate={value}"])
    assert load("train")["learning_rate"] == float(value)


@pytest.mark.parametrize("name", SWEEPS)
def test_every_bound_of_a_sweep_can_be_tried(name, empty_folder):
    bounds = {key: one for key, one in SWEEPS[name].space.items() if hasattr(one, "low")}
    for side in ("low", "high"):
        Path("params.yaml").write_text(COMMITTED)
        tried = {key: getattr(one, side) for key, one in bounds.items()}
        there = yaml.safe_load(COMMITTED)[name]
        signs = {key: "" if key in there else "+" for key in tried}
        apply_overrides(
            "params.yaml", [f"{signs[key]}{name}.{key}={value}" for key, value in tried.items()]
        )
        found = load(name)
        assert {key: found[key] for key in tried} == tried


def test_the_committed_file_reads_the_same_in_every_reader():
    assert read_params(PARAMS) == load_yaml(str(PARAMS)) == yaml.safe_load(COMMITTED)


@pytest.mark.parametrize("value", ["1e-3", "1e-05", "0.0001", "1"])
def test_a_number_written_by_hand_is_what_dvc_records(value, empty_folder):
    changed("learning_rate: 0.001", f"learning_rate: {value}")
    recorded = load_yaml("params.yaml")["train"]["learning_rate"]
    assert load("train")["learning_rate"] == recorded == float(value)


def test_a_zero_before_a_number_does_not_make_it_octal(empty_folder):
    changed("epochs: 100", "epochs: 0100")
    assert load("train")["epochs"] == load_yaml("params.yaml")["train"]["epochs"] == 100


def test_a_time_is_no_number(empty_folder):
    changed("epochs: 100", "epochs: 1:40")
    line = "params.yaml: train.epochs is '1:40'; it takes int from 1 to 1000"
    assert refusal(load, "train") == line


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("epochs: 100", "epochs: 100\n  epochs: 3", 'found duplicate key "epochs"'),
        ("epochs: 100", "epochs: *none", "found undefined alias 'none'"),
        ("epochs: 100", "epochs: 100\n---", "found another document"),
        ("epochs: 100", "\tepochs: 100", "found character '\\t' that cannot start any token"),
    ],
)
def test_what_is_no_yaml_is_named_with_its_line(old, new, problem, empty_folder):
    changed(old, new)
    message = refusal(load, "train")
    assert message.startswith(f"params.yaml cannot be read: {problem} in line ")
    assert message.rsplit(" ", 1)[1].isdecimal()
