"""Sets every figure the paper gives beside ours and writes the results tables.

Reads   metrics/*.json and metrics/cost/*.json of all stages, docs/findings.md
Writes  metrics/summary.json, plots/summary/results.csv (a row per figure), and, as text that is
        not DVC's, the results block of README.md, docs/results.md and docs/report.md
Run     dvc repro summary         (or, from the top folder: python stages/summary.py)
        python stages/summary.py --partial   while a study is running: what is done so far
Takes   seconds
Expect  the tables of the README
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params

SPECS = {"tables": params.Spec(bool)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--partial", action="store_true", help="take the stages that have run")
    partial = parser.parse_args().partial
    settings = params.load("summary", SPECS)
    from ferd.all_metrics import read_all, read_costs
    from ferd.comparison import compare, compare_variants, long_table
    from ferd.results import write_metrics, write_table

    metrics, costs = read_all("metrics", partial), read_costs("metrics/cost", partial)
    compared, variants = compare(metrics), compare_variants(metrics)
    if settings["tables"]:
        write_documents(compared, variants, costs, metrics)
        if "evaluate" in metrics:
            write_report(metrics)
    if partial:
        return
    write_metrics("metrics/summary.json", {"paper": compared, "variants": variants})
    write_table("plots/summary/results.csv", long_table(compared))


def write_documents(compared, variants, costs, metrics):
    """Writes the results block of README.md and all of docs/results.md."""
    from ferd.documents import readme_block, results_document
    from ferd.tables import replace_block

    readme = Path("README.md")
    findings = Path("docs/findings.md").read_text(encoding="utf-8")
    block = readme_block(compared, variants, metrics, findings)
    text = replace_block(readme.read_text(encoding="utf-8"), block)
    readme.write_text(text, encoding="utf-8", newline="\n")
    Path("docs").mkdir(exist_ok=True)
    document = results_document(compared, variants, costs, metrics)
    Path("docs/results.md").write_text(document, encoding="utf-8", newline="\n")


def write_report(metrics):
    """Writes docs/report.md."""
    from ferd.report import report_document

    document = report_document(metrics)
    Path("docs/report.md").write_text(document, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
