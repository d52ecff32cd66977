"""ferd.report: README and docs hold what metrics/ says, to the letter, and can be read."""

import json
import re
import shutil
from pathlib import Path

import pytest

from ferd.report import __main__ as command
from ferd.report.comparison import compare, compare_variants
from ferd.report.documents import markers, readme_blocks, tables_document
from ferd.report.findings.all_findings import FINDINGS, Study, findings, read_study
from ferd.report.readme.main_findings import MAIN
from ferd.report.readme.picture import MARKERS
from ferd.report.results.results_page import results_document
from ferd.report.web.study_page import tables_sections
from ferd.study.markdown import MOST_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GENERATED = ("README.md", "docs/results.md", "docs/tables.md", "docs/report.md")
GENERATED += ("docs/findings.md",)
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CHAIN = ("fetch", "crop", "audit", "train", "extract", "automl_compare", "automl_voting")
CHAIN += ("automl_stacking", "cosine", "cosine_cbam", "cosine_augment")


@pytest.fixture
def study(monkeypatch):
    monkeypatch.chdir(ROOT)
    return read_study(partial=True)


@pytest.fixture
def chain(study):
    """A study of the paper's chain alone, as `make demo` runs it."""
    metrics = {name: found for name, found in study.metrics.items() if name in CHAIN}
    costs = {name: found for name, found in study.costs.items() if name in CHAIN}
    return Study(metrics, compare(metrics), costs, study.trail)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A folder with what the documents are made of, which is the working folder."""
    for name in ("metrics", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("README.md", "dvc.yaml", "benchmarks/results.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["ferd.report", *arguments])
    command.main()


def without_blocks(text):
    """The README without its generated parts."""
    for first, last in (*(markers(name) for name in ("results", "findings", "hours")), MARKERS):
        before, _, rest = text.partition(first)
        text = before + rest.partition(last)[2]
    return text


def rows_of(text):
    """Lines of Markdown tables."""
    return [line for line in text.splitlines() if line.startswith("|")]


def test_documents_are_what_the_committed_metrics_give(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    run(monkeypatch, "--check", "--partial")
    assert capsys.readouterr().out == ""


def test_the_check_names_each_document_that_a_changed_score_makes_differ(
    copied, monkeypatch, capsys
):
    path = copied / "metrics/details/cosine_stacking.json"
    scores = json.loads(path.read_text())
    scores["stack"]["accuracy"] = 0.5
    path.write_text(json.dumps(scores))
    before = README, (copied / "docs/results.md").read_text()
    with pytest.raises(SystemExit) as end:
        run(monkeypatch, "--check", "--partial")
    assert end.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    named = {line.split()[0] for line in lines}
    assert len(named) == len(lines)
    assert {"README.md", "docs/results.md", "docs/tables.md"} <= named
    assert "docs/experiments.md" not in named
    assert ((copied / "README.md").read_text(), (copied / "docs/results.md").read_text()) == before
    run(monkeypatch, "--partial")
    run(monkeypatch, "--check", "--partial")
    assert " / 0.5000 |" in (copied / "docs/results.md").read_text()
    assert "50.00" in (copied / "docs/tables.md").read_text()


def test_a_missing_document_is_written_and_missing_scores_stop_the_command(copied, monkeypatch):
    (copied / "docs/findings.md").unlink()
    with pytest.raises(SystemExit):
        run(monkeypatch, "--check", "--partial")
    run(monkeypatch, "--partial")
    assert (copied / "docs/findings.md").read_bytes() == (ROOT / "docs/findings.md").read_bytes()
    (copied / "metrics/details/crop.json").unlink()
    with pytest.raises(SystemExit, match="run dvc repro"):
        run(monkeypatch)


def test_the_committed_study_has_every_finding(study):
    assert len(findings(study)) == len(FINDINGS)
    assert len(findings(study, MAIN)) == len(MAIN) == 6


def test_readme_is_short_and_its_findings_take_two_lines_at_most():
    assert len(README.splitlines()) <= 150
    block = README.split(markers("findings")[0])[1].split(markers("findings")[1])[0]
    bullets = re.split(r"(?m)^- ", block.strip())[1:]
    assert len(bullets) == 6
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
    assert rows or path.name not in ("README.md", "results.md", "tables.md", "report.md")
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
    words = re.findall(r"(?i)\b(twins?|people|scenes?|answers?|shares matched)\b", text)
    allowed = {"README.md": 1}.get(path, 0)  # on whom the model must not be used
    assert len(words) <= allowed, words


def test_the_papers_chain_alone_has_its_rows_and_no_section_of_other_stages(chain):
    blocks = readme_blocks(chain, {})
    assert len(rows_of(blocks["results"])) == 2 + 2
    assert len(blocks["findings"].split("\n- ")) == 1
    text = tables_document(chain, compare_variants(chain.metrics))
    assert "Stacking: every figure" in text
    assert "improved" not in text and "annotators' votes" not in text
    assert "Annotators and other test sets" not in results_document(chain.metrics)
    keys = {section.key for section in tables_sections(chain, compare_variants(chain.metrics))}
    assert keys == {"findings", "results", "paper", "compute"}
