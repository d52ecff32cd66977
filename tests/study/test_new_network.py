"""A new network is a section of params.yaml and a line in two lists of dvc.yaml, nothing else."""

from pathlib import Path

import pytest

from ferd.study.pipeline import expand, paths_of, read_pipeline, written_by
from ferd.study.settings import ParamError, check_all, load_recipe, load_training
from tests.helpers.code import ROOT

SECTIONS = """
wide:
  # What this network tries.
  base: compact
  stem: 48

slow:
  # What this variant of the paper's network tries.
  learning_rate: 0.0001
"""
# What is put before the first line of some lists: `LINES` by the stage and that line.
RECIPE, SCORED = "      search: {recipe: search,", "      train: train\n"
VARIANT = "      cosine: {script: train,"
LINES = {
    RECIPE: "      wide: {recipe: wide, base: compact, seed: 7, reads: data/crops.npz}\n",
    VARIANT: "      slow: {script: train, base: cosine, change: slow, reads: data/crops.npz}\n",
    SCORED: "      slow: slow\n",
}


@pytest.fixture
def project(empty_folder):
    Path("params.yaml").write_text((ROOT / "params.yaml").read_text() + SECTIONS)
    text = (ROOT / "dvc.yaml").read_text()
    for line, added in LINES.items():
        assert line in text
        text = text.replace(line, added + line)
    Path("dvc.yaml").write_text(text)
    return empty_folder


def test_its_stages_its_settings_and_its_results_follow(project):
    check_all()
    settings, compact = load_recipe("wide", 7), load_recipe("compact", 7)
    assert settings == compact | {"stem": 48}
    pipeline = read_pipeline()
    stages = expand(pipeline)
    assert stages["recipe@wide"]["cmd"] == "python -m stages.train_recipe wide 7"
    assert paths_of(stages["score_recipe@wide"], "metrics") == ["metrics/wide/7.json"]
    assert "metrics/details/wide/7.json" in written_by(pipeline, "metrics/details")


def test_a_further_variant_of_the_papers_network_follows_too(project):
    check_all()
    settings, changes = load_training("cosine", "slow")
    assert settings == load_training("cosine")[0] | {"learning_rate": 0.0001} and changes == {}
    pipeline = read_pipeline()
    stages = expand(pipeline)
    assert stages["variant@slow"]["cmd"] == "python -m stages.train slow cosine slow"
    assert stages["variant@slow"]["params"] == ["train", "cosine", "slow"]
    assert paths_of(stages["variant@slow"], "outs") == [
        "data/slow/model.keras",
        "data/slow/results",
    ]
    assert paths_of(stages["score@slow"], "metrics") == ["metrics/slow.json"]
    assert "metrics/details/slow.json" in written_by(pipeline, "metrics/details")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("stem: 48", "stems: 48", r"unknown key wide\.stems"),
        ("learning_rate: 0.0001", "learning: 0.0001", r"unknown key slow\.learning;"),
        ("learning_rate: 0.0001", "learning_rate: 9.0", r"slow\.learning_rate is 9\.0;"),
        # Right by itself, but not with the fraction of the sections before it.
        ("learning_rate: 0.0001", "validation_fold: 10", r"train \+ cosine \+ slow: .* folds"),
    ],
)
def test_a_wrong_key_or_value_of_it_is_refused(project, right, wrong, message):
    path = Path("params.yaml")
    path.write_text(path.read_text().replace(f"{right}\n", f"{wrong}\n"))
    with pytest.raises(ParamError, match=message):
        check_all()


@pytest.mark.parametrize("line", [RECIPE, VARIANT])
def test_a_section_that_no_line_names_is_refused(project, line):
    path = Path("dvc.yaml")
    path.write_text(path.read_text().replace(LINES[line], ""))
    name = LINES[line].split(":")[0].strip()
    with pytest.raises(ParamError, match=f"unknown section '{name}'"):
        check_all()
