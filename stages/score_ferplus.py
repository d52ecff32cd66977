"""Scores a network that was trained for FER+'s own benchmark, and writes what git keeps of the run.

The benchmark scores the faces of PrivateTest with a majority label. The last epoch's weights are
used, so PrivateTest chooses nothing.

Reads   data/<run>/results/ (predictions, training.json, cost.json), data/audit.csv, section
        sampling of params.yaml
Writes  metrics/<run>.json (what `dvc metrics show` compares; from one view), metrics/details/
        <run>.json (all scores: from one view, with the mirror image averaged in and from ten
        windows; by class; with and without copies in Training), metrics/cost/<run>.json;
        plots/<run>/predictions/ (of PrivateTest and PublicTest, by views, a row per face) and
        confusion.csv (from one view). Empty where audit.ferplus is false
Run     dvc repro score_ferplus@benchmark_ferplus_2024
        (or, from the top folder: python -m stages.score_ferplus benchmark_ferplus/2024)
Takes   seconds
Expect  a higher accuracy with every further view
"""

import json
import shutil
from pathlib import Path

from ferd.study import stage
from ferd.study.settings import load

VIEWS = ("centre", "flip", "ten")


def main(run):
    import pandas as pd

    from ferd.benchmark.ferplus_scores import confusion_counts
    from ferd.study.base.results import write_json, write_table

    folder = Path("data", run, "results")
    facts = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    tables = {}
    if facts:
        tables = {views: pd.read_csv(folder / f"test_{views}.csv") for views in VIEWS}
    row, details = scored(tables, facts) if facts else ({}, {})
    write_json(f"metrics/{run}.json", row)
    write_json(f"metrics/details/{run}.json", facts | details)
    one_view = tables.get("centre", pd.DataFrame(columns=["actual", "predicted"]))
    write_table(f"plots/{run}/confusion.csv", confusion_counts(one_view))
    Path("plots", run, "predictions").mkdir(exist_ok=True)
    for path in folder.glob("*.csv"):
        keep(path, f"plots/{run}/predictions/{path.name}")
    keep(folder / "cost.json", f"metrics/cost/{run}.json")


def scored(tables, facts):
    """Row and details of a network.

    Args:
        tables: Dict of views to predictions of PrivateTest.
        facts: Its training.json.
    """
    from ferd.benchmark.ferplus_scores import private_test_scores
    from ferd.dataset.parts.copy_groups import copy_groups

    sampling, groups = load("sampling"), copy_groups()
    bootstrap = sampling["bootstrap_draws"], sampling["seed"]
    test = {name: private_test_scores(table, groups, *bootstrap) for name, table in tables.items()}
    one_view = test["centre"]["all"]
    row = {
        **{key: one_view[key] for key in ("faces", "accuracy", "balanced_accuracy", "macro_f1")},
        "validation_accuracy": facts["validation"]["centre"]["accuracy"],
        "parameters": facts["parameters"],
    }
    if "without_copy" in test["centre"]:
        row["accuracy_without_copies"] = test["centre"]["without_copy"]["accuracy"]
    return row, {"test": test}


def keep(source, target):
    """Copies a file that DVC stores to where git keeps it."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    stage.run(main, __doc__, {"run": {"help": "name of the run, such as benchmark_ferplus/2024"}})
