"""Measures how much scores vary between seeds, and which differences are larger than that.

Reads   plots/<variant>/predictions.csv, plots/replicate/<variant>_<seed>/predictions.csv,
        plots/automl_voting/predictions_soft.csv, plots/automl_stacking/predictions.csv,
        plots/automl_oof/predictions_unseen_*.csv, data/audit.csv
Writes  metrics/seeds.json: `variants` (mean, SD and interval of the accuracy over the seeds, on
        each part of the test set), `against_cnn` (Welch's test) and `averaged` (the CNNs' mean
        probability against one CNN and against the ensembles on its features);
        plots/seeds/accuracy.csv, a row per training
Run     dvc repro seeds           (or, from the top folder: python stages/seeds.py)
Takes   seconds, after replicate's trainings
Expect  SDs of some tenths of a point; an ensemble of the seeds' CNNs above each of them
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.replicate_params import REPLICATE_SPECS

SPECS = {
    "confidence": params.Spec(float, 0.5, 0.999),
    "draws": params.Spec(int, 100, 100000),
    "seed": params.Spec(int, 0, 2**31 - 1),
}
# The hybrids with which the averaged networks are compared: fitted as in the paper, and fitted on
# faces that the network was not trained on.
HYBRIDS = {
    "soft vote": "automl_voting/predictions_soft",
    "stack": "automl_stacking/predictions",
    "soft vote, unseen faces": "automl_oof/predictions_unseen_soft",
    "stack, unseen faces": "automl_oof/predictions_unseen_stack",
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("seeds", SPECS)
    chosen = params.load("replicate", REPLICATE_SPECS)
    with measure_cost("seeds"):
        compare_seeds(chosen["variants"], chosen["seeds"], **settings)


def compare_seeds(variants, seeds, confidence, draws, seed):
    """Writes all outputs of the stage."""
    import pandas as pd

    from ferd.scoring.evaluation import parts_of, read_audit
    from ferd.scoring.seeds import against, compare_averaged, part_accuracies, spreads
    from ferd.study.results import write_metrics, write_table

    def read(name):
        return pd.read_csv(f"plots/{name}.csv")

    tables = {
        variant: [
            read(f"{folder}/predictions")
            for folder in (variant, *(f"replicate/{variant}_{number}" for number in seeds))
        ]
        for variant in variants
    }
    audit = read_audit()
    parts = {name: set(audit.index[mask]) for name, mask in parts_of(audit).items()}
    scores = {
        variant: [part_accuracies(table, parts) for table in found]
        for variant, found in tables.items()
    }
    metrics = {"variants": spreads(scores, confidence)}
    if "train" in tables:
        hybrids = {name: read(path) for name, path in HYBRIDS.items()}
        metrics["against_cnn"] = against(scores, "train")
        metrics["averaged"] = compare_averaged(
            tables["train"], hybrids, parts, audit["copy_group"], draws, seed
        )
    write_metrics("metrics/seeds.json", metrics)
    rows = [
        {"variant": variant, "training": number, **parts}
        for variant, found in scores.items()
        for number, parts in enumerate(found)
    ]
    write_table("plots/seeds/accuracy.csv", pd.DataFrame(rows))


if __name__ == "__main__":
    supervisor.run(main)
