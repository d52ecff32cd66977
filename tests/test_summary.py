"""The summary: README and docs hold what metrics/ says, to the letter."""

from pathlib import Path

from ferd.all_metrics import read_all, read_costs
from ferd.comparison import compare, compare_variants
from ferd.documents import readme_block, results_document
from ferd.report import report_document
from ferd.tables import END, START

ROOT = Path(__file__).resolve().parents[1]


def test_readme_and_results_page_are_what_the_committed_metrics_give(monkeypatch):
    monkeypatch.chdir(ROOT)
    metrics, costs = read_all("metrics", True), read_costs("metrics/cost", True)
    compared, variants = compare(metrics), compare_variants(metrics)
    block = (ROOT / "README.md").read_text().split(START)[1].split(END)[0].strip()
    findings = (ROOT / "docs/findings.md").read_text()
    assert block == readme_block(compared, variants, metrics, findings).strip()
    document = (ROOT / "docs/results.md").read_text()
    assert document == results_document(compared, variants, costs, metrics)
    if "evaluate" in metrics:
        assert (ROOT / "docs/report.md").read_text() == report_document(metrics)
