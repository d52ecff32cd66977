"""Measures how much scores vary between seeds, and which differences are larger than that.

Reads   plots/<variant>/predictions.csv, plots/replicate/<variant>_<seed>/predictions.csv,
        plots/cosine_voting/predictions_soft.csv, plots/cosine_stacking/predictions_stack.csv,
        plots/cosine_unseen/predictions_unseen_*.csv, data/audit.csv
Writes  metrics/details/seeds.json: `variants` (mean, SD and interval of the accuracy over the
        seeds, on each part of the test set), `against_cnn` (Welch's test of
        our recipe's variants) and `averaged` (the CNNs'
        mean probability against one CNN and against the ensembles on its features);
        plots/seeds/accuracy.csv, a row per training
Run     dvc repro seeds           (or, from the top folder: python -m stages.seeds)
Takes   seconds, after replicate's trainings
Expect  SDs of some tenths of a point; the seeds' mean probability above each single CNN
"""

from pathlib import Path

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load

# The hybrids with which the averaged networks are compared: fitted as in the paper, and fitted on
# faces that the network was not trained on.
HYBRIDS = {
    "soft vote": "cosine_voting/predictions_soft",
    "stack": "cosine_stacking/predictions_stack",
    "soft vote, unseen faces": "cosine_unseen/predictions_unseen_soft",
    "stack, unseen faces": "cosine_unseen/predictions_unseen_stack",
}


def main():
    sampling, confidence = load("sampling"), load("seeds")["confidence"]
    compare_seeds(replicates(), confidence, sampling["bootstrap_draws"], sampling["seed"])


def replicates():
    """The repeated networks, from dvc.yaml: dict of variant to its seeds."""
    found = {}
    for path in written_by(read_pipeline(), "plots/replicate"):
        if Path(path).name != "predictions.csv":  # an ensemble's
            continue
        variant, seed = Path(path).parent.name.rsplit("_", 1)
        seeds = found.setdefault(variant, [])
        if seed not in seeds:
            seeds.append(seed)
    return found


def compare_seeds(variants, confidence, draws, seed):
    """Writes all outputs of the stage."""
    import pandas as pd

    from ferd.scoring.evaluation import parts_of, read_audit
    from ferd.scoring.seeds import against, spreads
    from ferd.scoring.tables import compare_averaged, part_accuracies
    from ferd.study.base.results import write_json, write_table

    def read(name):
        return pd.read_csv(f"plots/{name}.csv")

    tables = {
        variant: [
            read(f"{folder}/predictions")
            for folder in (variant, *(f"replicate/{variant}_{number}" for number in seeds))
        ]
        for variant, seeds in variants.items()
    }
    audit = read_audit()
    parts = {name: set(audit.index[mask]) for name, mask in parts_of(audit).items()}
    scores = {
        variant: [part_accuracies(table, parts) for table in found]
        for variant, found in tables.items()
    }
    metrics = {"variants": spreads(scores, confidence)}
    if "cosine" in tables:
        hybrids = {name: read(path) for name, path in HYBRIDS.items()}
        ours = {name: rows for name, rows in scores.items() if name.startswith("cosine")}
        metrics["against_cnn"] = against(ours, "cosine")
        metrics["averaged"] = compare_averaged(
            tables["cosine"], hybrids, parts, audit["copy_group"], draws, seed
        )
    write_json("metrics/details/seeds.json", metrics)
    rows = [
        {"variant": variant, "training": number, **parts}
        for variant, found in scores.items()
        for number, parts in enumerate(found)
    ]
    write_table("plots/seeds/accuracy.csv", pd.DataFrame(rows))


if __name__ == "__main__":
    stage.run(main, __doc__)
