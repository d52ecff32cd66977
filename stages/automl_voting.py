"""Blends the compared models: a hard vote (majority) and a soft vote (mean probability).

Reads   data/features.npz, data/tuned.json, section automl_voting of params.yaml
Writes  metrics/automl_voting.json, plots/automl_voting/predictions_<method>.csv (a row per test
        face) and fallback_<method>.csv (a row per test image without a detected face),
        metrics/cost/automl_voting.json
Run     dvc repro automl_voting     (or, from the top folder: python stages/automl_voting.py)
Takes   about 6 minutes on 2 cores with folds: 1
Expect  soft vote about the paper's accuracy of 0.6713, hard vote within a point of it. Ridge and
        svm have no probabilities and take part in the hard vote only, which has no AUC; `members`
        is the number of voting models
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import VOTING_SPECS, run_votes
from ferd.study import params, supervisor


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("automl_voting", VOTING_SPECS)

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost("automl_voting") as cost:
        cost["fit_seconds"] = {}
        pattern = "plots/automl_voting/predictions_{}.csv"
        scores = run_votes(read_features(), settings, pattern, cost["fit_seconds"])
        write_metrics("metrics/automl_voting.json", scores)


if __name__ == "__main__":
    supervisor.run(main)
