"""Writes the study as one HTML page that needs no internet and no other file.

Reads   metrics/details/, metrics/cost/, plots/png/, plots/train/predictions.csv,
        data/crop_figures/, data/crops.npz, data/audit.csv, data/ferplus.csv if audit.ferplus,
        requirements.in, requirements.txt, docs/trail.json and texts of docs/;
        report.mistakes_per_pair of params.yaml
Writes  data/report/index.html (not in git: it shows dataset images)
Run     dvc repro report          (or, from the top folder: python -m stages.report)
Takes   seconds
Expect  a page of some MB: open data/report/index.html in a browser
"""

from pathlib import Path

from ferd.study import stage
from ferd.study.settings import load

# Texts that are not generated: anchor, title and file.
TEXTS = {
    "choices": ("What the paper leaves open, and what we chose", "docs/reproduction.md"),
    "model": ("Model card", "docs/model_card.md"),
    "data": ("Data card", "docs/data_card.md"),
}
ORDER = (
    *("findings", "results", "worth", "figures", "mistakes", "paper"),
    *("choices", "compute", "packages", "model", "data"),
)


def main():
    from ferd.report.study_page import render

    count = load("report")["mistakes_per_pair"]
    sections = [*table_sections(), *text_sections(), mistakes(count)]
    page = render(sorted(sections, key=lambda section: ORDER.index(section.key)))
    Path("data/report").mkdir(parents=True, exist_ok=True)
    Path("data/report/index.html").write_text(page, encoding="utf-8", newline="\n")
    print(f"{len(sections)} sections and {page.count('<img ')} pictures in data/report/index.html")


def table_sections():
    """The sections made of metrics/ and of the figures."""
    from ferd.report.comparison import compare_variants
    from ferd.report.findings import read_study
    from ferd.report.study_page import figures_section, tables_sections

    study = read_study()
    return [*tables_sections(study, compare_variants(study.metrics)), figures_section()]


def text_sections():
    """The sections that are not generated, and the versions of the packages."""
    from ferd.report.study_page import Section, packages_section, to_html

    sections = [
        Section(key, title, to_html(Path(path).read_text(encoding="utf-8")))
        for key, (title, path) in TEXTS.items()
    ]
    pins, direct = (
        Path(path).read_text(encoding="utf-8") for path in ("requirements.txt", "requirements.in")
    )
    return [*sections, packages_section(direct, pins)]


def mistakes(count):
    """The section on the CNN's mistakes."""
    import pandas as pd

    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.votes import read_votes
    from ferd.report.spoken_votes import spoken_votes
    from ferd.report.study_page import mistakes_section

    faces, votes = load_faces("test"), {}
    if "ferplus" in pd.read_csv("data/audit.csv", nrows=0):
        votes = spoken_votes(read_votes("data/ferplus.csv"), faces.names)
    table = pd.read_csv("plots/train/predictions.csv")
    return mistakes_section("CNN", table, faces, votes, count)


if __name__ == "__main__":
    stage.run(main, __doc__)
