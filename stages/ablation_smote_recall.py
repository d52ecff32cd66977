"""Tests, class by class, whether SMOTE changes the recall of voting and stacking.

Reads   plots/automl_voting/, plots/automl_stacking/ and plots/ablation_smote/, the predictions;
        data/audit.csv, for the groups of copies
Writes  metrics/ablation_smote_recall.json: by ensemble and class the recall with and without SMOTE,
        the difference with its 95% interval, and the exact McNemar test on the faces of the class
Run     dvc repro ablation_smote_recall
        (or, from the top folder: python stages/ablation_smote_recall.py)
Takes   seconds
Expect  a higher recall of the rarest class, a lower one of the most frequent
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost

SPECS = {
    "draws": params.Spec(int, 100, 100000),
    "seed": params.Spec(int, 0, 2**31 - 1),
}
# Predictions with SMOTE and without it.
ENSEMBLES = {
    "hard vote": ("automl_voting/predictions_hard", "ablation_smote/predictions_voting_hard"),
    "soft vote": ("automl_voting/predictions_soft", "ablation_smote/predictions_voting_soft"),
    "stack": ("automl_stacking/predictions", "ablation_smote/predictions_stacking"),
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("ablation_smote_recall", SPECS)
    with measure_cost("ablation_smote_recall"):
        compare_ensembles(**settings)


def compare_ensembles(draws, seed):
    """Writes the stage's output."""
    import pandas as pd

    from ferd.scoring.class_recall import compare_recalls
    from ferd.scoring.evaluation import read_audit
    from ferd.study.results import write_metrics

    groups = read_audit()["copy_group"]
    tables = {
        name: [pd.read_csv(f"plots/{path}.csv") for path in paths]
        for name, paths in ENSEMBLES.items()
    }
    found = {name: compare_recalls(*pair, groups, draws, seed) for name, pair in tables.items()}
    write_metrics("metrics/ablation_smote_recall.json", found)


if __name__ == "__main__":
    supervisor.run(main)
