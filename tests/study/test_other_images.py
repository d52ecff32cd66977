"""ferd.study.other_images: params.yaml for images without votes and without FER2013's split."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.study.other_images import CHANGES, main
from ferd.study.pipeline import expand, read_pipeline
from ferd.study.settings import check_all, load_recipe
from tests.helpers.code import ROOT


@pytest.fixture
def folder(empty_folder):
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, name)
    return empty_folder


def recipes():
    """Each recipe that dvc.yaml trains on seven classes."""
    stages = expand(read_pipeline(ROOT / "dvc.yaml")).values()
    commands = [stage["cmd"].split() for stage in stages]
    scripts = ("stages.train_recipe", "stages.train_mixed")
    return sorted({words[3] for words in commands if words[2] in scripts})


def test_no_recipe_needs_votes_or_row_numbers_afterwards(folder):
    assert load_recipe("compact", 1)["split"] == "official"
    main()
    check_all()
    assert yaml.safe_load(Path("params.yaml").read_text())["audit"]["ferplus"] is False
    assert len(recipes()) >= 6
    for name in recipes():
        recipe = load_recipe(name, 1)
        assert (recipe["split"], recipe["targets"]) == ("paper", "labels"), name
        assert recipe.get("label_share", 1.0) == 1.0


def test_only_the_values_change_and_the_second_time_nothing(folder, capsys):
    before = Path("params.yaml").read_text().split("\n")
    main()
    after = Path("params.yaml").read_text().split("\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == sum(map(len, CHANGES.values()))
    assert all(old.split(":")[0] == new.split(":")[0] for old, new in changed)
    assert "audit.ferplus: true is now false" in capsys.readouterr().out
    main()
    assert Path("params.yaml").read_text().split("\n") == after
    assert capsys.readouterr().out == ""


def test_a_file_without_such_a_setting_is_left_alone(folder):
    text = Path("params.yaml").read_text().replace("  label_share:", "  other:")
    Path("params.yaml").write_text(text)
    ended = subprocess.run(
        [sys.executable, "-m", "ferd.study.other_images"], capture_output=True, text=True
    )
    assert ended.returncode == 1 and ended.stderr == "params.yaml has no mixed.label_share\n"
    assert Path("params.yaml").read_text() == text
