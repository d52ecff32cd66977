"""Builds the sections of the report page from metrics, tables and texts."""

import re
from html import escape
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from ferd.report import documents, report
from ferd.report.findings.all_findings import findings, terms
from ferd.report.results import results_page
from ferd.report.results.results_annotators import annotators_part
from ferd.report.results.results_limits import limits
from ferd.report.web import page_pictures
from ferd.report.web.claim_figures import claim_figures
from ferd.report.web.mistakes import surest_mistakes
from ferd.report.web.page_text import to_html
from ferd.study.markdown import markdown

FOLDER = Path(__file__).parent / "page"
TITLE = "Facial emotion recognition on 48x48 faces"
SUBTITLE = (
    "A published study reproduced stage by stage: every figure of the paper beside the measured "
    "one, tests of its claims, and better networks. Written by the stage report."
)


class Section(NamedTuple):
    """A part of the page: its anchor, title and HTML."""

    key: str
    title: str
    html: str


def render(sections, more=()):
    """The page as one HTML text without other files.

    Args:
        sections: List of `Section`, whose headings begin at level 3.
        more: Those that follow under one title, whose headings begin at level 4.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(), keep_trailing_newline=True
    )
    style, script = ((FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html").render(
        title=TITLE,
        subtitle=SUBTITLE,
        style=Markup(style),
        script=Markup(script),
        sections=sections,
        more=more,
    )


def result_sections(metrics):
    """The sections of docs/results.md, with a figure for each claim.

    Args:
        metrics: From `ferd.study.details.read_details`.

    Returns:
        List of `Section`.
    """
    found, agreement = metrics.get("claims", {}), metrics.get("agreement", {})
    title, rule, *verdicts = results_page.claims_part(found)
    claims = _html([*results_page.INTRODUCTION, rule]) + claim_figures(found) + _html(verdicts)
    tables = [*results_page.accuracy_part(metrics), *annotators_part(agreement)]
    return [
        Section("claims", title.removeprefix("## "), claims),
        Section("tables", "Main tables", _html(tables)),
        Section("limits", "What this study cannot say", _html(["\n".join(limits(metrics))])),
    ]


def tables_sections(study, variants):
    """The sections with the content of docs/findings.md, tables.md and report.md.

    Args:
        study: `ferd.report.findings.all_findings.Study`; a section whose stages are missing is left
            out.
        variants: From `ferd.report.comparison.compare_variants`.

    Returns:
        List of `Section`.
    """
    metrics, compared = study.metrics, study.compared
    texts = {
        "findings": ("Findings", ["\n".join(findings(study)), "## Terms", terms()]),
        "results": ("All tables", documents.result_sections(metrics, compared, variants)),
        "paper": ("Every table of the paper", documents.paper_sections(compared)),
        "compute": ("Compute", documents.cost_sections(study.costs, metrics.get("headline"))),
    }
    if set(metrics) >= report.NEEDED:
        texts["worth"] = ("Intervals and tests", report.report_sections(metrics))
    return [Section(key, title, _html(parts, lower=2)) for key, (title, parts) in texts.items()]


def _html(parts, lower=1):
    """HTML of paragraphs in Markdown."""
    return to_html("\n\n".join(parts), lower)


def mistakes_section(model, table, faces, votes, count):
    """A model's wrong predictions of highest confidence, as images with FER+'s votes.

    Args:
        model: Its name.
        table: DataFrame of `ferd.study.base.results.prediction_table`.
        faces: `ferd.dataset.parts.faces.Faces` with the table's images.
        votes: Dict of name to a text on its votes; empty where there are none.
        count: Mistakes shown of each pair of classes.
    """
    images = dict(zip(faces.names, faces.images, strict=True))
    shown_of = table["actual"].value_counts()
    votes_too = ", and the votes of FER+'s ten annotators" if votes else ""
    parts = [
        f"<p>For each pair of classes, up to {count} wrong predictions of the {escape(model)} with "
        f"the highest confidence, which stands below each face{votes_too}.</p>"
    ]
    for (actual, predicted), rows in surest_mistakes(table, count).items():
        shown = [_mistake(row, images[row.name], votes) for row in rows.itertuples(index=False)]
        wrong = ((table["actual"] == actual) & (table["predicted"] == predicted)).sum()
        title = f"{actual}, predicted as {predicted}: {wrong} of {shown_of[actual]}"
        parts.append(
            f"<details><summary>{escape(title)}</summary>"
            f'<div class="faces">{"".join(shown)}</div></details>'
        )
    return Section("mistakes", "The most confident mistakes", "".join(parts))


def _mistake(row, image, votes):
    caption = f"{row.confidence:.2f}"
    if row.name in votes:
        caption += f"; {votes[row.name]}"
    description = f"Test face {row.name}, labelled {row.actual}, predicted as {row.predicted}"
    return page_pictures.face(image, caption, description)


def packages_section(direct, pins):
    """The versions of the study's packages.

    Args:
        direct: Text of requirements.in.
        pins: Text of requirements.txt.
    """
    names = [re.split(r"[=<>\[]", line)[0] for line in direct.splitlines() if line[:1].isalpha()]
    versions = dict(line.split("==") for line in pins.splitlines() if "==" in line)
    rows = [[name, versions[name].split()[0]] for name in names]
    return Section("packages", "Packages", to_html(markdown(["package", "version"], rows)))
