"""The command started without standard streams: no row is lost, and no traceback."""

import json
import os
import subprocess
import sys

import pytest

from tests.helpers.predicting import environment, save, started, write_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streams")
    write_model(folder / "tiny.onnx")
    save(folder / "a.png")
    return folder


def run(folder, closed, *words):
    """Runs `ferd predict` from a shell that closes streams."""
    line = f'"$@" {closed}'
    words = ["sh", "-c", line, "sh", *started("tiny.onnx", "--whole-image", *words)]
    done = subprocess.run(words, cwd=folder, env=environment(), capture_output=True, text=True)
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_rows_are_in_the_file_although_a_message_cannot_be_written(folder, closed):
    done = run(folder, closed, "a.png", "none.png", "--output", "rows.jsonl")
    assert done.returncode == 1 and done.stdout == ""
    (row,) = (folder / "rows.jsonl").read_text().splitlines()
    assert json.loads(row)["file"] == "a.png"
    (folder / "rows.jsonl").unlink()


def test_rows_that_have_no_place_to_go_are_an_error_of_one_line(folder):
    done = run(folder, ">&-", "a.png")
    assert (done.returncode, done.stderr) == (1, "ferd: standard output is closed\n")


def test_a_closed_standard_input_is_an_empty_one(folder):
    done = run(folder, "<&-", "-")
    assert (done.returncode, done.stderr) == (1, "ferd: -: is an empty file\n")


def test_help_is_no_error(folder):
    done = run(folder, ">&-", "--help")
    assert (done.returncode, done.stderr) == (0, "")


def test_codes_in_folder_names_do_not_reach_the_terminal(folder, tmp_path):
    save(tmp_path / "in/happy/a.png")
    save(tmp_path / "in/\x1b[31mcontempt/a.png")
    save(tmp_path / "\x1b[2J/none/a.png")
    words = [sys.executable, "-m", "ferd", "evaluate", "--model", folder / "tiny.onnx"]
    words += ["--whole-image"]
    controller, terminal = os.openpty()
    with open(controller, "rb", buffering=0) as reader:
        kinds = {"cwd": tmp_path, "env": environment(), "stdout": terminal}
        done = subprocess.run([*words, "in"], stderr=subprocess.PIPE, **kinds)
        wrong = subprocess.run([*words, "\x1b[2J"], stderr=subprocess.PIPE, **kinds)
        os.close(terminal)
        shown = reader.read(10_000)
    assert done.returncode == 0 and rb"left out    \x1b[31mcontempt 1" in shown
    assert wrong.returncode == 1 and wrong.stderr.startswith(rb"\x1b[2J: no labels found")
    assert b"\x1b" not in shown + done.stderr + wrong.stderr
