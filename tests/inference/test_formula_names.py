"""ferd.inference.prediction_rows: a file name in CSV is no formula, and still the file's name."""

import csv
import io
import json
import os

import pytest

from ferd.cli.main import main
from ferd.inference.prediction_rows import RowWriter
from tests.helpers.predicting import save, write_model

NAMES = ['=HYPERLINK("http:__x.example","a").png', "+1.png", "-1.png", "@SUM(1).png", "\t=1.png"]


def row(name, kind):
    stream = io.StringIO()
    RowWriter(stream, ("file", "label"), kind, header=False).write({"file": name, "label": "x"})
    return stream.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_becomes_a_path_to_the_same_file(name):
    assert next(csv.reader(io.StringIO(row(name, "csv")))) == [f"./{name}", "x"]
    assert os.path.normpath(f"./{name}") == name
    assert json.loads(row(name, "jsonl"))["file"] == name


@pytest.mark.parametrize("name", ["-", "a.png", "a/=1.png", "/=1.png", "./=1.png", ""])
def test_other_names_stay(name):
    assert next(csv.reader(io.StringIO(row(name, "csv")))) == [name, "x"]


def test_both_commands_write_such_names(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    model = write_model(tmp_path / "tiny.onnx")
    for folder in ("=1/happy", "=1/sad"):
        save(tmp_path / folder / "a.png")
    arguments = ["--model", str(model), "--whole-image"]
    assert main(["predict", *arguments, "--format", "csv", "=1/sad/a.png"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("./=1/sad/a.png,")
    assert main(["evaluate", *arguments, "--predictions", "rows.csv", "=1"]) == 0
    assert (tmp_path / "rows.csv").read_text().splitlines()[1].startswith("./=1/happy/a.png,")
