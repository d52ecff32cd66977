"""ferd.study.base.results: results have one format, and nothing is lost or partly written."""

import json

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.study.base.results import prediction_table, write_json, write_table


def written(path, values):
    write_json(path, values)
    return path.read_text()


@pytest.mark.parametrize(
    "leaf", [[1, 2], (1,), {1}, None, np.array([1.0]), pd.Series([1]), b"text", 1j]
)
def test_a_leaf_that_dvc_would_drop_is_refused_and_the_old_file_kept(leaf, tmp_path):
    path = tmp_path / "metrics.json"
    before = written(path, {"score": 1})
    with pytest.raises(TypeError, match=type(leaf).__name__):
        write_json(path, {"train": {"score": leaf}})
    assert path.read_text() == before and list(tmp_path.iterdir()) == [path]


def test_floats_are_rounded_to_6_digits(tmp_path):
    values = {"third": 1 / 3, "tiny": 4e-7, "single": np.float32(0.1), "deep": {"pi": np.pi}}
    text = written(tmp_path / "m.json", values)
    assert json.loads(text) == {
        "third": 0.333333,
        "tiny": 0.0,
        "single": 0.1,
        "deep": {"pi": 3.141593},
    }


def test_two_scores_one_face_apart_differ_in_the_file(tmp_path):
    one, other = (written(tmp_path / "m.json", {"a": n / 35_887}) for n in (20_000, 20_001))
    assert one != other


def test_numpys_numbers_are_written_as_pythons(tmp_path):
    own = written(tmp_path / "m.json", {"n": 3, "share": 0.5, "yes": True, "name": "x"})
    values = {"n": np.int64(3), "share": np.float64(0.5), "yes": np.bool_(True), "name": "x"}
    assert written(tmp_path / "m.json", values) == own
    assert json.loads(own) == {"n": 3, "share": 0.5, "yes": True, "name": "x"}


def test_equal_metrics_give_equal_bytes_in_the_order_given(tmp_path):
    for name in ("one.json", "two.json"):
        write_json(tmp_path / name, {"b": 1, "a": {"d": 2.0, "c": 3}})
    content = (tmp_path / "one.json").read_bytes()
    assert content == (tmp_path / "two.json").read_bytes()
    assert content == b'{\n  "b": 1,\n  "a": {\n    "d": 2.0,\n    "c": 3\n  }\n}\n'


def test_files_are_written_into_new_folders_without_traces(tmp_path):
    write_json(tmp_path / "a/b/m.json", {"n": 1})
    write_table(tmp_path / "a/c/t.csv", pd.DataFrame({"n": [1]}))
    files = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(files) == ["m.json", "t.csv"]


def test_a_table_has_6_digits_no_index_and_lf_line_endings(tmp_path):
    table = pd.DataFrame({"name": ["a", "b"], "p": [1 / 3, 1.0], "n": [1, 2]}, index=[5, 6])
    write_table(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_bytes() == b"name,p,n\na,0.333333,1\nb,1.000000,2\n"


def test_a_prediction_table_has_a_row_per_face_and_a_probability_per_class():
    probabilities = np.random.default_rng(0).dirichlet(np.ones(7), 3).astype("float32")
    table = prediction_table(
        np.array(["test/sad/1", "test/fear/2", "test/sad/3"]),
        np.array([5, 2, 5]),
        np.array([5, 6, 0]),
        probabilities,
    )
    assert list(table) == ["name", "actual", "predicted", *(f"p_{name}" for name in CLASSES)]
    assert table["name"].tolist() == ["test/sad/1", "test/fear/2", "test/sad/3"]
    assert table["actual"].tolist() == ["sad", "fear", "sad"]
    assert table["predicted"].tolist() == ["sad", "surprise", "angry"]
    assert np.array_equal(table.filter(like="p_").to_numpy(), probabilities.astype("float64"))


def test_a_hard_votes_table_has_no_probabilities():
    table = prediction_table(["test/sad/1"], [5], [0])
    assert table.to_dict("list") == {
        "name": ["test/sad/1"],
        "actual": ["sad"],
        "predicted": ["angry"],
    }
