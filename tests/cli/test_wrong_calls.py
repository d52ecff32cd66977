"""What a wrong call is answered with: one line; and the format that a file's name stands for."""

import csv
import json
import os

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


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "a.png", "--output"],
        ["predict", "a.png", "--annotated"],
        ["evaluate", "a", "--output"],
        ["evaluate", "a", "--predictions"],
        ["evaluate", "a", "--part"],
    ],
)
def test_a_name_that_a_variable_leaves_empty_is_refused(words, here, capsys):
    code, out, err = ended([*words, ""], capsys)
    assert (code, out) == (2, "")
    assert err.startswith(f"ferd {words[0]}: error: argument {words[-1]}: the name is empty;")


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "a.png", "--threads"],
        ["evaluate", "a", "--threads"],
        ["serve", "--threads"],
        ["serve", "--workers"],
        ["predict", "a.png", "--cluster"],
    ],
)
def test_more_threads_than_a_machine_can_run_are_refused(words, monkeypatch, capsys):
    for cores, most in ((2, 64), (96, 384)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        code, out, err = ended([*words, str(most + 1)], capsys)
        assert (code, out) == (2, "") and f"argument {words[-1]}: {most + 1} at a time" in err
        assert f"are too many for this machine: at most {most};" in err
        assert command._parser().parse_args([*words, str(most)])


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


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ["predict", "a.png", "--format", "csv", "--output"],
        ["predict", "a.png", "--output"],
        ["evaluate", "faces", "--output"],
        ["evaluate", "faces", "--predictions"],
    ],
)
def test_a_full_disk_is_named_by_the_file_that_does_not_fit(words, here, capsys):
    (here / "faces/happy").mkdir(parents=True)
    save(here / "faces/happy/a.png", PHOTO)
    rest = ["--model", "tiny.onnx", "--whole-image"]
    assert command.main([*words, "/dev/full", *rest]) == 1
    assert capsys.readouterr().err == "ferd: /dev/full: No space left on device\n"
