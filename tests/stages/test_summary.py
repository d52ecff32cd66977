"""The summary: README and docs hold what metrics/ says, to the letter, and can be read."""

import re
from pathlib import Path

import pytest

from ferd.report.all_metrics import read_all, read_costs
from ferd.report.comparison import compare, compare_variants
from ferd.report.documents import markers, readme_blocks, results_document, with_blocks
from ferd.report.findings import FINDINGS, Study, findings, findings_document, read_trail
from ferd.report.main_findings import MAIN
from ferd.report.readme_picture import MARKERS
from ferd.report.report import report_document
from ferd.report.study_hours import commands_sentence, read_commands
from ferd.report.study_page import tables_sections
from ferd.report.tables import MOST_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GENERATED = ("README.md", "docs/results.md", "docs/report.md", "docs/findings.md")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CHAIN = ("fetch", "crop", "audit", "train", "extract", "automl_compare", "automl_voting")
CHAIN += ("automl_stacking", "ablation_cbam", "ablation_augment")


@pytest.fixture
def study(monkeypatch):
    monkeypatch.chdir(ROOT)
    metrics = read_all("metrics", True)
    return Study(metrics, compare(metrics), read_costs("metrics/cost", True), read_trail())


@pytest.fixture
def chain(study):
    """A study of the paper's chain alone, as `make demo` runs it."""
    metrics = {name: found for name, found in study.metrics.items() if name in CHAIN}
    costs = {name: found for name, found in study.costs.items() if name in CHAIN}
    return Study(metrics, compare(metrics), costs, study.trail)


def without_blocks(text):
    """The README without its generated parts."""
    for first, last in (*(markers(name) for name in ("results", "findings", "hours")), MARKERS):
        before, _, rest = text.partition(first)
        text = before + rest.partition(last)[2]
    return text


def rows_of(text):
    """Lines of Markdown tables."""
    return [line for line in text.splitlines() if line.startswith("|")]


def test_documents_are_what_the_committed_metrics_give(study):
    assert with_blocks(README, readme_blocks(study, read_commands())) == README
    variants = compare_variants(study.metrics)
    assert (ROOT / "docs/results.md").read_text() == results_document(study, variants)
    assert (ROOT / "docs/findings.md").read_text() == findings_document(study)
    assert (ROOT / "docs/report.md").read_text() == report_document(study.metrics)


def test_the_committed_study_has_every_finding(study):
    assert len(findings(study)) == len(FINDINGS)
    assert len(findings(study, MAIN)) == len(MAIN) == 5


def test_readme_is_short_and_its_findings_take_two_lines_at_most():
    assert len(README.splitlines()) < 150
    block = README.split(markers("findings")[0])[1].split(markers("findings")[1])[0]
    bullets = re.split(r"(?m)^- ", block.strip())[1:]
    assert len(bullets) == 5
    assert all(len(bullet.strip().splitlines()) <= 2 for bullet in bullets)


def test_readme_has_no_score_outside_its_generated_parts():
    typed = without_blocks(README)
    assert "annotators' majority" not in typed, "the generated parts are cut out"
    assert not re.findall(r"\d\s?%|\b0?\.\d{2,}|\d+\.\d points|\bp [=<]", typed.split("```sh")[0])
    prose = re.sub(r"(?s)```.*?```", "", typed)
    assert not re.findall(r"\d\s?%|\b0\.\d+|\d points", prose)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_table_is_wider_than_six_columns(path):
    rows = rows_of(path.read_text(encoding="utf-8"))
    assert rows or path.name not in ("README.md", "results.md", "report.md")
    assert max((row.count("|") - 1 for row in rows), default=0) <= MOST_COLUMNS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)\s]*)\)", text):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def anchors(text):
    """Anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", GENERATED)
def test_generated_text_says_what_the_glossary_says(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    words = re.findall(r"(?i)(?<![`_])\b(copies?|annotators|shares matched)\b(?!`)", text)
    allowed = {"README.md": 3}.get(path, 0)  # on what the model must not be used for, and --model
    assert len(words) <= allowed, words


def test_the_papers_chain_alone_has_its_rows_and_no_section_of_other_stages(chain):
    blocks = readme_blocks(chain, {})
    assert len(rows_of(blocks["results"])) == 2 + 2
    assert len(blocks["findings"].split("\n- ")) == 1
    text = results_document(chain, compare_variants(chain.metrics))
    assert "Stacking: every figure" in text
    assert "improved" not in text and "annotators' votes" not in text
    keys = {section.key for section in tables_sections(chain, compare_variants(chain.metrics))}
    assert keys == {"findings", "results", "paper", "compute"}


def test_hours_are_the_sum_of_all_stages_and_name_the_machine(study):
    line = readme_blocks(study, {})["hours"]
    total = sum(max(c["seconds"], c.get("training_seconds", 0)) for c in study.costs.values())
    assert f"{total / 3600:.1f} hours" in line and "AMD EPYC, 2 cores" in line
    training = {name for name, cost in study.costs.items() if "epochs" in cost}
    share = sum(
        max(cost["seconds"], cost["training_seconds"])
        for name, cost in study.costs.items()
        if name in training
    )
    assert f" {100 * share / total:.0f}% of it the trainings" in line
    # Of the chain, only `train` has a training, and its `seconds` are the longer.
    chain = sum(study.costs[stage]["seconds"] for stage in (*CHAIN[:6], *CHAIN[6:8]))
    assert f"without its ablations {chain / 3600:.1f}." in line
    assert readme_blocks(study._replace(costs={}), {})["hours"] == ""


def test_times_of_commands_stand_with_the_machine_they_were_measured_on(study):
    machines = [
        {"processor": "AMD EPYC", "cores": 2, "instructions": flags, "python": "3.11.7"}
        for flags in (["avx2", "avx512_bf16"], ["avx2"])
    ]
    runs = {
        "demo": {"seconds": 90.0, "machine": machines[0]},
        "test": {"seconds": 240.0, "machine": machines[1]},
    }
    assert commands_sentence(runs) == (
        "Minutes after the install on an AMD EPYC with bfloat16, 2 cores: `make demo` 1.5 (one run "
        "each). Minutes after the install on an AMD EPYC without bfloat16, 2 cores: `make test` "
        "4.0 (one run each)."
    )
    assert commands_sentence({}) == ""
