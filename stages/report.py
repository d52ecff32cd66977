"""Writes the study as one HTML page that needs no internet and no other file.

Reads   metrics/details/, metrics/cost/, plots/png/, plots/cosine/predictions.csv,
        data/crop_figures/, data/crops.npz, data/audit.csv, data/ferplus.csv if audit.ferplus,
        requirements.in, requirements.txt, docs/trail.json and texts of docs/;
        report.mistakes_per_pair of params.yaml
Writes  data/report/index.html (not in git: it shows dataset images)
Run     dvc repro report          (or, from the top folder: python -m stages.report)
Takes   seconds
Expect  a page of some MB: open data/report/index.html in a browser
"""

import re
from pathlib import Path

from ferd.study import stage
from ferd.study.settings import load

# Texts that are not generated: anchor, title and file.
TEXTS = {
    "choices": ("What the paper leaves open, and what we chose", "docs/reproduction.md"),
    "model": ("Model card", "docs/model_card.md"),
    "data": ("Data card", "docs/data_card.md"),
}
MAIN = ("claims", "tables", "paper_figures", "limits")
MORE = (
    *("findings", "results", "worth", "figures", "mistakes", "paper"),
    *("choices", "compute", "packages", "model", "data"),
)


def main():
    from ferd.report.web.study_page import render

    count = load("report")["mistakes_per_pair"]
    sections = [*table_sections(), *text_sections(), mistakes(count)]
    sections.sort(key=lambda section: (*MAIN, *MORE).index(section.key))
    main_sections = [section for section in sections if section.key in MAIN]
    page = render(main_sections, sections[len(main_sections) :])
    Path("data/report").mkdir(parents=True, exist_ok=True)
    Path("data/report/index.html").write_text(page, encoding="utf-8", newline="\n")
    print(f"{len(sections)} sections and {page.count('<img ')} pictures in data/report/index.html")


def table_sections():
    """The sections made of metrics/ and of the figures."""
    from ferd.report.comparison import compare_variants
    from ferd.report.findings.all_findings import read_study
    from ferd.report.web.page_figures import figures_section, paper_figures_section
    from ferd.report.web.study_page import result_sections, tables_sections

    study = read_study()
    tables = tables_sections(study, compare_variants(study.metrics))
    return [*result_sections(study.metrics), *tables, paper_figures_section(), figures_section()]


def text_sections():
    """The sections that are not generated, and the versions of the packages."""
    from ferd.report.web.study_page import Section, packages_section, to_html

    sections = [
        Section(key, title, to_html(Path(path).read_text(encoding="utf-8"), lower=2))
        for key, (title, path) in TEXTS.items()
    ]
    pins, direct = (
        Path(path).read_text(encoding="utf-8") for path in ("requirements.txt", "requirements.in")
    )
    # The condition after a pin's version may have `==` too.
    pins = re.sub("(?m) ;.*", "", pins)
    return [*sections, packages_section(direct, pins)]


def mistakes(count):
    """The section on the CNN's mistakes."""
    import pandas as pd

    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.votes import read_votes
    from ferd.report.web.spoken_votes import spoken_votes
    from ferd.report.web.study_page import mistakes_section

    faces, votes = load_faces("test"), {}
    if "ferplus" in pd.read_csv("data/audit.csv", nrows=0):
        votes = spoken_votes(read_votes("data/ferplus.csv"), faces.names)
    table = pd.read_csv("plots/cosine/predictions.csv")
    return mistakes_section("CNN", table, faces, votes, count)


if __name__ == "__main__":
    stage.run(main, __doc__)
