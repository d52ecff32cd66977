"""The summary: README and docs hold what metrics/ says, to the letter."""

import importlib.util
import json
from pathlib import Path

import pytest

from ferd.comparison import compare, compare_variants
from ferd.report import report_document
from ferd.tables import END, START

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def summary():
    specification = importlib.util.spec_from_file_location("summary", ROOT / "stages/summary.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_readme_and_results_page_are_what_the_committed_metrics_give(summary, monkeypatch):
    monkeypatch.chdir(ROOT)
    metrics, costs = summary.read_all("metrics", True), summary.read_all("metrics/cost", True)
    compared, variants = compare(metrics), compare_variants(metrics)
    readme = (ROOT / "README.md").read_text()
    block = readme.split(START)[1].split(END)[0].strip()
    evaluation = metrics.get("evaluate")
    assert block == summary.readme_block(compared, variants, evaluation).strip()
    document = (ROOT / "docs/results.md").read_text()
    assert document == summary.results_document(compared, variants, costs, evaluation)
    if evaluation:
        assert (ROOT / "docs/report.md").read_text() == report_document(metrics)


def test_a_missing_metrics_file_stops_the_summary_and_names_the_stage(summary, tmp_path):
    with pytest.raises(SystemExit, match="run dvc repro fetch"):
        summary.read_all(tmp_path)


def test_partial_takes_what_is_there(summary, tmp_path):
    (tmp_path / "crop.json").write_text(json.dumps({"found": 1}))
    assert summary.read_all(tmp_path, partial=True) == {"crop": {"found": 1}}


def test_a_broken_metrics_file_is_an_error_even_in_part(summary, tmp_path):
    (tmp_path / "crop.json").write_text("{")
    with pytest.raises(SystemExit, match="crop"):
        summary.read_all(tmp_path, partial=True)
