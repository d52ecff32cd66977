"""Compares every figure of the paper with ours and writes the results as text.

Reads   metrics/*.json and metrics/cost/*.json of all stages, docs/trail.json,
        benchmarks/results.json
Writes  metrics/summary.json, plots/summary/results.csv (a row per figure), and, as text that DVC
        does not track, the generated parts of README.md, docs/results.md, docs/findings.md and
        docs/report.md
Run     dvc repro summary         (or, from the top folder: python stages/summary.py)
        python stages/summary.py --partial   while a study is running: what is done so far
Takes   seconds
Expect  the table and the findings of README.md
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor

SPECS = {"tables": params.Spec(bool)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--partial", action="store_true", help="take the stages that have run")
    partial = parser.parse_args().partial
    settings = params.load("summary", SPECS)
    from ferd.report.all_metrics import read_all, read_costs
    from ferd.report.comparison import compare, compare_variants, long_table
    from ferd.report.findings import Study, read_trail
    from ferd.study.results import write_metrics, write_table

    metrics, costs = read_all("metrics", partial), read_costs("metrics/cost", partial)
    compared, variants = compare(metrics), compare_variants(metrics)
    if settings["tables"]:
        write_documents(Study(metrics, compared, costs, read_trail()), variants)
        if "evaluate" in metrics:
            write_report(metrics)
    if partial:
        return
    write_metrics("metrics/summary.json", {"paper": compared, "variants": variants})
    write_table("plots/summary/results.csv", long_table(compared))


def write_documents(study, variants):
    """Writes the generated parts of README.md, and all of docs/results.md and docs/findings.md.

    Args:
        study: `ferd.report.findings.Study`.
        variants: From `ferd.report.comparison.compare_variants`.
    """
    from ferd.report.documents import readme_blocks, results_document, with_blocks
    from ferd.report.findings import findings_document
    from ferd.report.study_hours import read_commands

    readme = Path("README.md").read_text(encoding="utf-8")
    Path("docs").mkdir(exist_ok=True)
    for path, text in {
        "README.md": with_blocks(readme, readme_blocks(study, read_commands())),
        "docs/results.md": results_document(study, variants),
        "docs/findings.md": findings_document(study),
    }.items():
        Path(path).write_text(text, encoding="utf-8", newline="\n")


def write_report(metrics):
    """Writes docs/report.md."""
    from ferd.report.report import report_document

    document = report_document(metrics)
    Path("docs/report.md").write_text(document, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    supervisor.run(main)
