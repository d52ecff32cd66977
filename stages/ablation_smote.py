"""Fits the votes and the stack without SMOTE, and otherwise as in their own stages.

Reads   data/features.npz, data/tuned.json, sections ablation_smote, automl_voting and
        automl_stacking of params.yaml
Writes  metrics/ablation_smote.json, plots/ablation_smote/predictions_voting_<method>.csv and
        predictions_stacking.csv (a row per test face), fallback_*.csv (a row per test image
        without a detected face), metrics/cost/ablation_smote.json
Run     dvc repro ablation_smote     (or, from the top folder: python stages/ablation_smote.py)
Takes   about 6 minutes on 2 cores: half the rows that SMOTE makes
Expect  the same accuracy within a point, other recalls for the rare classes (disgust)
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import STACKING_SPECS, VOTING_SPECS, run_stack, run_votes
from ferd.study import params, supervisor

SPECS = {"fix_imbalance": params.Spec(bool, choices=(False,))}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    changed = params.load("ablation_smote", SPECS)
    voting = {**params.load("automl_voting", VOTING_SPECS), **changed}
    stacking = {**params.load("automl_stacking", STACKING_SPECS), **changed}

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost("ablation_smote") as cost:
        seconds = cost["fit_seconds"] = {}
        faces, folder = read_features(), "plots/ablation_smote"
        votes = run_votes(faces, voting, folder + "/predictions_voting_{}.csv", seconds)
        scores = {f"voting_{method}": values for method, values in votes.items()}
        scores["stacking"] = run_stack(
            faces, stacking, f"{folder}/predictions_stacking.csv", seconds
        )
        write_metrics("metrics/ablation_smote.json", scores)


if __name__ == "__main__":
    supervisor.run(main)
