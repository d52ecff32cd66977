"""Every command of the pipelines is one that its script takes."""

import inspect
import re
import runpy
import shlex
import sys

import pytest

from ferd.study import supervisor
from ferd.study.pipeline import expand, read_pipeline
from tests.helpers.settings import REPO
from tests.helpers.small_study import write_params

STAGES = {
    name: stage
    for path in ("dvc.yaml", "stages/gpu/dvc.yaml")
    for name, stage in expand(read_pipeline(REPO / path)).items()
}
COMMANDS = {stage["cmd"] for stage in STAGES.values()}
# Texts that name stages: what to type, and the documents written by hand.
TEXTS = [REPO / name for name in ("Makefile", "README.md", "CONTRIBUTING.md", "params.yaml")]
NAMES = ("architecture", "cluster", "experiments", "reproduction", "usage")
TEXTS += [REPO / "docs" / f"{name}.md" for name in NAMES]
TEXTS += [*(REPO / "stages").glob("*.py"), *(REPO / "ferd").rglob("*.py")]
KINDS = "score score_recipe score_ferplus score_ensembles variant replicate recipe export"
LINE = re.compile(rf"\b(?:{'|'.join(KINDS.split())}|benchmark_ferplus)@\w+")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_script_takes_the_words_that_dvc_gives_it(command, empty_folder, monkeypatch):
    python, option, module, *words = shlex.split(command)
    assert (python, option, module.split(".")[0]) == ("python", "-m", "stages")
    assert (REPO / "stages" / f"{module.split('.')[1]}.py").exists()
    write_params()
    started = []
    monkeypatch.setattr(supervisor, "run", started.append)
    monkeypatch.setattr(sys, "argv", [module, *words])
    monkeypatch.delitem(sys.modules, module, raising=False)  # runpy warns of what is imported
    runpy.run_module(module, run_name="__main__")
    for call in started:
        given = inspect.getclosurevars(call).nonlocals
        if "values" in given:  # of ferd.study.stage
            inspect.signature(given["main"]).bind(**given["values"])
        else:
            assert not words
    assert started or module == "stages.settings"


def test_every_script_is_a_stage_s():
    scripts = {path.stem for path in (REPO / "stages").glob("*.py")}
    assert scripts == {command.split()[2].removeprefix("stages.") for command in COMMANDS}


def test_every_stage_that_a_text_names_is_in_dvc_yaml():
    named = {name for path in TEXTS for name in LINE.findall(path.read_text(encoding="utf-8"))}
    # Names of the chain and of the ablations, at the least.
    assert len(named) > 10
    assert named - set(STAGES) == set()
