"""What a wrong call is answered with: one line; and the format that a file's name stands for."""

import csv
import json

import pytest

import ferd
from ferd.cli import main as command
from ferd.cli.formats import format_for
from tests.helpers.predicting import PHOTO, save, write_model


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_model(tmp_path / "tiny.onnx")
    save(tmp_path / "a.png", PHOTO)
    return tmp_path


def ended(words, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(words)
    out, err = capsys.readouterr()
    return end.value.code, out, err


@pytest.mark.parametrize(
    "words, start",
    [
        ([], "ferd: error: the following arguments are required: COMMAND"),
        (["predict"], "ferd predict: error: the following arguments are required: PATH"),
        (["predict", "a.png", "--colour"], "ferd predict: error: unrecognized arguments: --colour"),
        (["evaluate", "a", "--format", "csv"], "ferd evaluate: error: unrecognized arguments"),
        (["serve", "--port", "x"], "ferd serve: error: argument --port: 'x' is not a whole number"),
        (["serve", "--colour"], "ferd serve: error: unrecognized arguments: --colour"),
        (["predict", "a.png", "--output", "a.xlsx"], "ferd predict: error: --output a.xlsx: rows"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_the_help_of_its_command(words, start, capsys):
    code, out, err = ended(words, capsys)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1
    assert err.startswith(start)
    assert err.endswith(f"; {start.partition(':')[0]} --help lists the options\n")


def test_the_version_is_an_option(capsys):
    assert ended(["--version"], capsys) == (0, f"ferd {ferd.__version__}\n", "")


@pytest.mark.parametrize(
    "output, given, wanted",
    [
        (None, None, "jsonl"),
        ("rows", None, "jsonl"),
        ("rows.jsonl", None, "jsonl"),
        ("rows.CSV", None, "csv"),
        ("rows.csv", "excel", "excel"),
        ("rows.csv", "jsonl", "jsonl"),
        ("rows.parquet", "parquet", "parquet"),
    ],
)
def test_the_format_is_the_given_one_or_that_of_the_name(output, given, wanted):
    assert format_for(output, given) == wanted


@pytest.mark.parametrize("output", ["a.xlsx", "a.XLS", "a.parquet"])
def test_a_name_of_a_file_that_would_hold_something_else_is_refused(output):
    with pytest.raises(ValueError, match=f"--output {output}: rows are text; --format"):
        format_for(output, "csv")


def test_rows_in_a_file_named_csv_are_csv_and_elsewhere_json_lines(here):
    for name in ("rows.csv", "rows.jsonl"):
        words = ["predict", "a.png", "--model", "tiny.onnx", "--output", name]
        assert command.main(words) == 0
    with open("rows.csv", newline="") as file:
        table = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (here / "rows.jsonl").read_text().splitlines()]
    assert [row["label"] for row in table] == [row["label"] for row in lines] and len(lines) == 2


@pytest.mark.parametrize(
    "output, line",
    [
        ("none/rows.csv", "ferd: none/rows.csv: there is no folder none\n"),
        ("folder", "ferd: folder: Is a directory\n"),
    ],
)
def test_an_output_that_cannot_be_opened_is_told_without_a_number(here, output, line, capsys):
    (here / "folder").mkdir()
    assert command.main(["predict", "a.png", "--model", "tiny.onnx", "--output", output]) == 1
    assert capsys.readouterr().err == line
