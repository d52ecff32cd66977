"""Fits a stack: a meta-model on the probabilities of the compared models.

Reads   data/features.npz, data/tuned.json, section automl_stacking of params.yaml
Writes  metrics/automl_stacking.json, plots/automl_stacking/predictions.csv (a row per test face)
        and fallback.csv (a row per test image without a detected face),
        metrics/cost/automl_stacking.json
Run     dvc repro automl_stacking     (or, from the top folder: python stages/automl_stacking.py)
Takes   about 8 minutes on 2 cores with folds: 1 and inner_folds: 3
Expect  about the paper's accuracy of 0.6726, within the interval of 1.3 points
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import STACKING_SPECS, run_stack
from ferd.study import params, supervisor


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("automl_stacking", STACKING_SPECS)

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost("automl_stacking") as cost:
        cost["fit_seconds"] = {}
        path = "plots/automl_stacking/predictions.csv"
        scores = run_stack(read_features(), settings, path, cost["fit_seconds"])
        write_metrics("metrics/automl_stacking.json", scores)


if __name__ == "__main__":
    supervisor.run(main)
