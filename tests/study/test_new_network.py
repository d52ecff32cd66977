"""A new network is a section of params.yaml and a line in two lists of dvc.yaml, nothing else."""

from pathlib import Path

import pytest

from ferd.study.pipeline import expand, paths_of, read_pipeline, written_by
from ferd.study.settings import ParamError, check_all, load_recipe
from tests.helpers.code import ROOT

SECTION = """
wide:
  # What this network tries.
  base: compact
  stem: 48
"""
LINE = "      search: {recipe: search,"


@pytest.fixture
def project(empty_folder):
    Path("params.yaml").write_text((ROOT / "params.yaml").read_text() + SECTION)
    text = (ROOT / "dvc.yaml").read_text()
    added = text.replace(
        LINE, f"      wide: {{recipe: wide, base: compact, seed: 7, reads: data/crops.npz}}\n{LINE}"
    )
    Path("dvc.yaml").write_text(added)
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


def test_a_wrong_key_of_it_is_refused(project):
    path = Path("params.yaml")
    path.write_text(path.read_text().replace("stem: 48", "stems: 48"))
    with pytest.raises(ParamError, match=r"unknown key wide\.stems"):
        check_all()


def test_a_section_that_no_line_names_is_refused(project):
    Path("dvc.yaml").unlink()
    with pytest.raises(ParamError, match="unknown section 'wide'"):
        check_all()
