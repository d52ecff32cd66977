"""Builds the sections of the report page from metrics, tables and texts."""

import re
from html import escape
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from ferd.report import documents, page_pictures, report
from ferd.report.figure_list import KINDS, drawn_figures, kind_of, title_of
from ferd.report.findings import findings, terms
from ferd.report.mistakes import surest_mistakes
from ferd.report.page_text import to_html
from ferd.study.markdown import markdown

FOLDER = Path(__file__).parent / "page"
TITLE = "Facial emotion recognition on 48x48 faces"
SUBTITLE = (
    "A published study reproduced stage by stage: every figure of the paper beside the measured "
    "one, tests of its claims, and better networks. Written by the stage report."
)
# The paper's Figs. 1 and 2 show images of the data set.
CROPS = (
    ("found_whole", "Fig. 1, left: images in which a face was found", "A sheet of whole images."),
    ("found_crops", "Fig. 1, right: the faces cut out of them", "A sheet of the cut-out faces."),
    ("not_found", "Fig. 2: images in which no face was found", "A sheet of whole images."),
)


class Section(NamedTuple):
    """A part of the page: its anchor, title and HTML."""

    key: str
    title: str
    html: str


def render(sections):
    """The page as one HTML text without other files.

    Args:
        sections: List of `Section`.
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
    )


def tables_sections(study, variants):
    """The sections with the content of docs/findings.md, results.md and report.md.

    Args:
        study: `ferd.report.findings.Study`; a section whose stages are missing is left out.
        variants: From `ferd.report.comparison.compare_variants`.

    Returns:
        List of `Section`.
    """
    metrics, compared = study.metrics, study.compared
    texts = {
        "findings": ("Findings", ["\n".join(findings(study)), "## Terms", terms()]),
        "results": ("Results", documents.result_sections(metrics, compared, variants)),
        "paper": ("Every table of the paper", documents.paper_sections(compared)),
        "compute": ("Compute", documents.cost_sections(study.costs, metrics.get("headline"))),
    }
    if "evaluate" in metrics:
        texts["worth"] = ("Intervals and tests", report.report_sections(metrics))
    return [
        Section(key, title, to_html("\n\n".join(parts))) for key, (title, parts) in texts.items()
    ]


def figures_section(plots="plots/png", crops="data/crop_figures"):
    """The counterparts of the paper's figures, and the study's own figures.

    Args:
        plots: Folder of the stage `figures`.
        crops: Folder of the stage `crop`; its sheets show dataset images.
    """
    pictures = [
        page_pictures.figure(f"{crops}/{name}.png", title, description)
        for name, title, description in CROPS
    ]
    for name, table in drawn_figures().items():
        title, kind = title_of(name), KINDS[kind_of(table.stem)]
        pictures.append(page_pictures.figure(f"{plots}/{name}.png", title, f"{title}. {kind}"))
    html = f'<div class="figures">{"".join(pictures)}</div>'
    return Section("figures", "Figures", html)


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
    names = [re.split("[=<>]", line)[0] for line in direct.splitlines() if line[:1].isalpha()]
    versions = dict(line.split("==") for line in pins.splitlines() if "==" in line)
    rows = [[name, versions[name].split()[0]] for name in names]
    return Section("packages", "Packages", to_html(markdown(["package", "version"], rows)))
