"""ferd.study.stage: arguments and help of the scripts of stages/, and their supervision."""

import subprocess
import sys
from pathlib import Path

import pytest

from ferd.study import stage

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "stages").glob("*.py"))
# `--help` is of no use if it takes seconds to come.
HEAVY = {"numpy", "pandas", "tensorflow", "keras", "jax", "pycaret", "sklearn", "cv2", "dlib"}
LOADED = """import sys
import runpy
sys.argv = [{script!r}, "--help"]
try:
    runpy.run_path({script!r}, run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print(*sorted({heavy!r} & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture
def called(monkeypatch):
    """Calls `stage.run` with the words of a command line; gives what `main` was given."""
    found = []
    monkeypatch.setattr(stage.supervisor, "run", lambda main: main())

    def call(words, arguments=None):
        monkeypatch.setattr(sys, "argv", ["stage", *words])
        stage.run(lambda **given: found.append(given), "Does it.", arguments)
        return found.pop()

    return call


def test_arguments_reach_main_by_name(called):
    arguments = {"network": {"choices": ("train", "compact")}, "--seed": {"type": int}}
    assert called(["train"], arguments) == {"network": "train", "seed": None}
    assert called(["compact", "--seed", "3"], arguments) == {"network": "compact", "seed": 3}
    assert called([]) == {}


@pytest.mark.parametrize("words", [["other"], ["train", "--seed", "x"], ["train", "more"], []])
def test_a_wrong_command_line_ends_with_status_2_before_main(words, called, capsys):
    arguments = {"network": {"choices": ("train",)}, "--seed": {"type": int}}
    with pytest.raises(SystemExit) as ended:
        called(words, arguments)
    assert ended.value.code == 2 and "usage: python -m stages.stage" in capsys.readouterr().err


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_help_is_the_docstring_and_comes_without_heavy_imports(script):
    code = LOADED.format(script=str(script), heavy=HEAVY)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert "Reads   " in run.stdout and "Takes   " in run.stdout
    assert run.stderr.strip() == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_stage_that_computes_is_supervised(script):
    last = script.read_text(encoding="utf-8").rpartition('if __name__ == "__main__":')[2]
    expected = "main()" if script.stem == "settings" else "stage.run("
    assert last.strip().startswith(expected)
