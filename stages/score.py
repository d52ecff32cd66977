"""Scores the predictions of a trained network, and writes what git keeps of the run.

Reads   data/<run>/results/ (predictions.csv, training.json, cost.json), data/audit.csv; with
        --recipe sections sampling and the recipe's of params.yaml
Writes  metrics/<run>.json (what `dvc metrics show` compares), metrics/details/<run>.json (all
        scores, by class and part), metrics/cost/<run>.json, plots/<run>/predictions.csv (a row per
        test image) and confusion.csv
Run     dvc repro score@train                   the paper's network or a variant
        dvc repro score_recipe@improved_2024    a residual network
        (or, from the top folder: python -m stages.score train;
        python -m stages.score improved/2024 --recipe improved)
Takes   seconds
Expect  a row more in `dvc metrics show`
"""

import json
import shutil
from pathlib import Path

from ferd.study import stage
from ferd.study.settings import load, load_recipe

# Runs that predict validation faces only.
SEARCHES = "search", "train_search"


def main(run, recipe):
    import pandas as pd

    from ferd.scoring.run_scores import confusion_table
    from ferd.study.base.results import write_json, write_table

    folder = Path("data", run, "results")
    table = pd.read_csv(folder / "predictions.csv")
    facts = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    row, details = recipe_run(table, facts, recipe) if recipe else paper_run(run, table, facts)
    write_json(f"metrics/{run}.json", row)
    write_json(f"metrics/details/{run}.json", facts | details)
    write_table(f"plots/{run}/confusion.csv", confusion_table(table))
    keep(folder / "predictions.csv", f"plots/{run}/predictions.csv")
    keep(folder / "cost.json", f"metrics/cost/{run}.json")


def paper_run(run, table, facts):
    """Row and details of a network under the paper's protocol; a search has no test scores."""
    from ferd.scoring.evaluation import read_audit
    from ferd.scoring.run_scores import accuracy_without_copies, metrics_row, paper_scores

    if run in SEARCHES:
        return search_row(facts, facts["validation"]["accuracy"]), {}
    audit = read_audit()
    details = paper_scores(table, audit)
    validation = facts.get("validation", {}).get("accuracy")
    alone = accuracy_without_copies(table, audit)
    return metrics_row(details["test"], alone, validation, facts["parameters"]), details


def recipe_run(table, facts, recipe):
    """Row and details of a recipe's network; a search has no test scores."""
    from ferd.dataset.parts.copy_groups import copy_groups
    from ferd.scoring.copy_effect import parts_by_copy
    from ferd.scoring.evaluation import read_audit
    from ferd.scoring.run_scores import metrics_row, paper_parts, recipe_scores

    settings, sampling = load_recipe(recipe, 0), load("sampling")
    validation = facts["validation"][settings["views"]]["accuracy"]
    if recipe in SEARCHES:
        return search_row(facts, validation), {}
    groups, bootstrap = copy_groups(), (sampling["bootstrap_draws"], sampling["seed"])
    if settings["split"] == "official":
        parts = parts_by_copy(table["name"], "official", groups)
    else:
        parts = paper_parts(table["name"], read_audit())
    details = recipe_scores(table, parts, groups, *bootstrap)
    alone = details["test"].get("without_copy", {}).get("accuracy")
    return metrics_row(details["classes"], alone, validation, facts["parameters"]), details


def search_row(facts, accuracy):
    """Row of a run that predicted validation faces only."""
    return {"validation_accuracy": accuracy, "parameters": facts["parameters"]}


def keep(source, target):
    """Copies a file that DVC stores to where git keeps it."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    stage.run(main, __doc__, {"run": {}, "--recipe": {"help": "section of the recipe"}})
