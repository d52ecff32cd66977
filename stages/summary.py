"""Sets every figure the paper gives beside ours and writes the results tables.

Reads   metrics/*.json and metrics/cost/*.json of all stages
Writes  metrics/summary.json, plots/summary/results.csv (a row per figure), and, as text that is
        not DVC's, the results block of README.md, docs/results.md and docs/report.md
Run     dvc repro summary         (or, from the top folder: python stages/summary.py)
        python stages/summary.py --partial   while a study is running: what is done so far
Takes   seconds
Expect  the tables of the README
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params

SPECS = {"tables": params.Spec(bool)}
STAGES = (
    *("fetch", "crop", "audit", "train", "extract"),
    *("automl_compare", "automl_voting", "automl_stacking"),
    *("ablation_uncropped", "ablation_cbam", "ablation_augment", "ablation_smote"),
    *("ablation_augment_look", "ablation_precision", "ablation_twins", "ablation_twins_automl"),
    *("probabilities", "extract_oof", "automl_oof", "evaluate", "export"),
)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--partial", action="store_true", help="take the stages that have run")
    partial = parser.parse_args().partial
    settings = params.load("summary", SPECS)
    from ferd.comparison import compare, compare_variants, long_table
    from ferd.results import write_metrics, write_table

    metrics, costs = read_all("metrics", partial), read_all("metrics/cost", partial)
    compared, variants = compare(metrics), compare_variants(metrics)
    if settings["tables"]:
        write_documents(compared, variants, costs, metrics.get("evaluate"))
        if "evaluate" in metrics:
            write_report(metrics)
    if partial:
        return
    write_metrics("metrics/summary.json", {"paper": compared, "variants": variants})
    write_table("plots/summary/results.csv", long_table(compared))


def read_all(folder, partial=False):
    """Reads the metrics of all stages.

    Args:
        folder: Where their JSON files are.
        partial: Leave out what is missing instead of stopping.

    Returns:
        Dict of stage to metrics, in the order of `STAGES`.

    Raises:
        SystemExit: If a file is missing or not JSON.
    """
    found = {}
    for stage in STAGES:
        path = Path(folder, f"{stage}.json")
        if partial and not path.exists():
            continue
        try:
            found[stage] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path} cannot be read, run dvc repro {stage}: {error}") from error
    return found


def write_documents(compared, variants, costs, evaluation=None):
    """Writes the results block of README.md and all of docs/results.md."""
    from ferd.tables import replace_block

    readme = Path("README.md")
    block = readme_block(compared, variants, evaluation)
    text = replace_block(readme.read_text(encoding="utf-8"), block)
    readme.write_text(text, encoding="utf-8", newline="\n")
    Path("docs").mkdir(exist_ok=True)
    document = results_document(compared, variants, costs, evaluation)
    Path("docs/results.md").write_text(document, encoding="utf-8", newline="\n")


def write_report(metrics):
    """Writes docs/report.md."""
    from ferd.report import report_document

    document = report_document(metrics)
    Path("docs/report.md").write_text(document, encoding="utf-8", newline="\n")


def readme_block(compared, variants, evaluation=None):
    """The README's results: headline figures, variants, copies in train, and the paper's claims."""
    from ferd.report import claims_table
    from ferd.report_tables import headline_parts
    from ferd.tables import headline_table, variant_table

    tables = [headline_table(compared), variant_table(variants)]
    if evaluation:
        tables.append("Accuracy on test faces with and without a copy (a twin) in train:")
        tables.append(headline_parts(evaluation["models"]))
        tables.append("Which of the paper's claims hold, by exact McNemar tests on the same faces:")
        tables.append(claims_table(evaluation["tests"]))
    return "\n\n".join(tables)


def results_document(compared, variants, costs, evaluation=None):
    """docs/results.md: every figure of the paper beside ours, and what the stages cost."""
    from ferd import tables
    from ferd.paper_results import CONTRADICTIONS

    parts = ["# Results", "Written by `stages/summary.py` from metrics/: do not edit."]
    parts += [readme_block(compared, variants, evaluation)]
    for part in ("cnn", "voting", "stacking"):
        if part in compared:
            parts += [f"## {part}, every figure of the paper", tables.overall_table(compared[part])]
            parts += ["Each cell: paper / ours.", tables.per_class_table(compared[part])]
    parts += ["## Where the paper contradicts itself"]
    parts += ["\n".join(f"- {text}" for text in CONTRADICTIONS)]
    parts += ["## What each stage took", tables.cost_table(costs)]
    machines = sorted({f"{cost['machine']}, {cost['cores']} cores" for cost in costs.values()})
    parts += ["Measured on: " + "; ".join(machines) + "."]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
