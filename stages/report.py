"""Writes the study as one HTML page that needs no network and no other file.

Reads   metrics/*.json and metrics/cost/*.json of all stages, plots/png/, data/crop_figures/,
        plots/train/predictions.csv, data/crops.npz, data/audit.csv, data/ferplus.csv if
        audit.ferplus, requirements.in, requirements.txt, docs/trail.json, and texts of docs/
Writes  data/report/index.html (DVC-cached: it shows dataset images), metrics/report.json
Run     dvc repro report          (or, from the top folder: python stages/report.py)
Takes   seconds
Expect  a page of some MB: open data/report/index.html in a browser
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost

SPECS = {"mistakes_per_pair": params.Spec(int, 1, 100)}
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
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("report", SPECS)
    with measure_cost("report"):
        write_page(settings["mistakes_per_pair"])


def write_page(mistakes_per_pair):
    """Writes the page and counts what it holds."""
    from ferd.report.study_page import render
    from ferd.study.results import write_metrics

    sections = [*table_sections(), *text_sections(), mistakes(mistakes_per_pair)]
    page = render(sorted(sections, key=lambda section: ORDER.index(section.key)))
    Path("data/report").mkdir(parents=True, exist_ok=True)
    Path("data/report/index.html").write_text(page, encoding="utf-8", newline="\n")
    counts = {"sections": len(sections), "pictures": page.count("<img ")}
    write_metrics("metrics/report.json", counts)


def table_sections():
    """The sections made of metrics/ and of the figures."""
    from ferd.report.all_metrics import read_all, read_costs
    from ferd.report.comparison import compare, compare_variants
    from ferd.report.findings import Study, read_trail
    from ferd.report.study_page import figures_section, tables_sections

    metrics = read_all("metrics", reader="report")
    costs = read_costs("metrics/cost", reader="report")
    study = Study(metrics, compare(metrics), costs, read_trail())
    return [*tables_sections(study, compare_variants(metrics)), figures_section()]


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
    supervisor.run(main)
