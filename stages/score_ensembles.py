"""Scores the predictions of votes, stacks and single models on the paper's test set.

Reads   data/<run>/ (predictions_<model>.csv, fallback_<model>.csv, fit.json, cost.json),
        data/audit.csv
Writes  metrics/<run>/<model>.json (what `dvc metrics show` compares), metrics/details/<run>.json
        (all scores, by class), metrics/cost/<run>.json, plots/<run>/ (the predictions; of a
        comparison also leaderboard.csv, a row per model) and plots/confusion/<run>/<model>.csv
Run     dvc repro score_ensembles@automl_voting
        (or, from the top folder: python -m stages.score_ensembles automl_voting)
Takes   seconds
Expect  a row per model in `dvc metrics show`
"""

import json
import shutil
from pathlib import Path

from ferd.study import stage


def main(run):
    from ferd.scoring.evaluation import read_audit
    from ferd.scoring.leaderboard import leaderboard
    from ferd.study.base.results import write_json, write_table

    folder, audit = Path("data", run), read_audit()
    fits = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    details = {model: score_model(run, model, facts, audit) for model, facts in fits.items()}
    write_json(f"metrics/details/{run}.json", details)
    if run.endswith("_compare"):
        write_table(f"plots/{run}/leaderboard.csv", leaderboard(details))
    shutil.copyfile(folder / "cost.json", made(f"metrics/cost/{run}.json"))


def score_model(run, model, facts, audit):
    """Scores a model, keeps its predictions, writes its metrics; returns all its scores."""
    import pandas as pd

    from ferd.scoring import run_scores
    from ferd.study.base.results import write_json, write_table

    tables = []
    for kind in ("predictions", "fallback"):
        source = Path("data", run, f"{kind}_{model}.csv")
        shutil.copyfile(source, made(f"plots/{run}/{source.name}"))
        tables.append(pd.read_csv(source))
    scores = run_scores.table_scores(tables[0])
    everything = run_scores.table_scores(pd.concat(tables))
    if "unrounded_auc" in facts:
        scores["auc"] = facts["unrounded_auc"]["test"]
        everything["auc"] = facts["unrounded_auc"]["test_all"]
    alone = run_scores.accuracy_without_copies(tables[0], audit)
    write_json(f"metrics/{run}/{model}.json", run_scores.metrics_row(scores, alone))
    confusion = run_scores.confusion_table(tables[0])
    write_table(f"plots/confusion/{run}/{model}.csv", confusion)
    gap = facts["cross_validated"]["accuracy"] - scores["accuracy"]
    return scores | {"test_all": everything} | facts | {"cross_validated_minus_test": gap}


def made(path):
    """The path, with the folder that holds it made."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    stage.run(main, __doc__, {"run": {}})
