"""ferd.inference.writing.prediction_rows: a file name in CSV is no formula, and still the file's
name."""

import csv
import io
import json
import os

import pandas as pd
import pytest

from ferd.cli.main import main
from ferd.inference.writing.outputs import open_output
from ferd.inference.writing.prediction_rows import RowWriter, csv_name
from tests.helpers.predicting import save, write_model

OTHERS = ["NA", "null", "0001", "1e5", "\uff1d1.png"]
NAMES = ['=HYPERLINK("http:__x.example","a").png', "+1.png", "-1.png", "@SUM(1).png", "\t=1.png"]


def row(name, kind):
    stream = io.StringIO()
    RowWriter(stream, ("file", "label"), kind, header=False).write({"file": name, "label": "x"})
    return stream.getvalue()


@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
def test_a_formula_becomes_a_path_to_the_same_file(name):
    assert next(csv.reader(io.StringIO(row(name, "csv")))) == [f"./{name}", "x"]
    assert os.path.normpath(f"./{name}") == name
    assert json.loads(row(name, "jsonl"))["file"] == name


@pytest.mark.parametrize(
    "name", ["-", "a.png", "a/=1.png", "/=1.png", "./=1.png", "2024-01-02", "a;b"]
)
def test_other_names_stay(name):
    assert next(csv.reader(io.StringIO(row(name, "csv")))) == [name, "x"]


TEXTS = ["a,b", 'q"q', "1\n2", "1\r2", "1\r\n2", "a;=1", " a", "\x1b[31m", "\u2028", "é"]


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_pandas_and_csv_read_every_name_as_one_cell(kind, tmp_path):
    names = [*NAMES, *OTHERS, *TEXTS, os.fsdecode(b"caf\xe9")]
    with open_output(str(tmp_path / "rows")) as stream:
        writer = RowWriter(stream, ("file", "label"), kind)
        for name in names:
            writer.write({"file": name, "label": "x"})
    wanted = [csv_name(name) for name in names]
    assert wanted[-1] == r"caf\udce9" and wanted[: len(NAMES)] == [f"./{name}" for name in NAMES]
    assert pd.read_csv(tmp_path / "rows")["file"].tolist() == wanted
    encoding = "utf-8-sig" if kind == "excel" else "utf-8"
    with open(tmp_path / "rows", encoding=encoding, newline="") as file:
        assert [line["file"] for line in csv.DictReader(file)] == wanted
    assert (tmp_path / "rows").read_bytes().startswith(b"\xef\xbb\xbf") == (kind == "excel")


def test_a_cell_that_some_spreadsheets_would_split_is_quoted():
    assert row("a;=1.png", "csv") == '"a;=1.png","x"\n'
    assert row("a.png", "csv") == "a.png,x\n"


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
