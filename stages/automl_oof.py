"""Fits the soft vote and the stack on features of faces that the network was not trained on.

As a control they are also fitted on as many faces that it was trained on.

Reads   data/extract_oof/*.npz, data/tuned.json, sections automl_voting and automl_stacking of
        params.yaml
Writes  metrics/automl_oof.json, plots/automl_oof/predictions_<which>_<model>.csv (a row per test
        face) and fallback_<which>_<model>.csv (a row per test image without one)
Run     dvc repro automl_oof      (or, from the top folder: python stages/automl_oof.py)
Takes   about 3 minutes on 2 cores
Expect  `unseen`: cross-validated and test scores agree. `seen`: the cross-validated score is far
        above the test score, as in automl_voting and automl_stacking
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import STACKING_SPECS, VOTING_SPECS, run_stack, run_votes
from ferd.study import params, supervisor

SPECS = {"folds": params.Spec(int, 1, 20)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    changed = params.load("automl_oof", SPECS)
    voting = {**params.load("automl_voting", VOTING_SPECS), "methods": ["soft"], **changed}
    stacking = {**params.load("automl_stacking", STACKING_SPECS), **changed}

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost("automl_oof") as cost:
        metrics, cost["fit_seconds"] = {}, {}
        for which in ("unseen", "seen"):
            seconds = cost["fit_seconds"][which] = {}
            faces = read_features(f"data/extract_oof/{which}.npz")
            path = f"plots/automl_oof/predictions_{which}_{{}}.csv"
            metrics[which] = run_votes(faces, voting, path, seconds)
            metrics[which]["stack"] = run_stack(faces, stacking, path.format("stack"), seconds)
            for scores in metrics[which].values():
                gap = scores["cross_validated"]["accuracy"] - scores["accuracy"]
                scores["cross_validated_minus_test"] = gap
        write_metrics("metrics/automl_oof.json", metrics)


if __name__ == "__main__":
    supervisor.run(main)
