"""Fits Extra Trees, the soft vote and the stack without copies of test images in train.

They are fitted twice: on the features of the paper's network, which was trained on the copies
(`ensembles_only`), and on those of a network trained without them (`network_too`). This shows
whether the network or the ensembles memorize copies.

Reads   data/features.npz, data/ablation_copies/features.npz, data/test_copies.csv, data/tuned.json,
        sections automl_voting and automl_stacking of params.yaml
Writes  metrics/ablation_copies_automl.json, plots/ablation_copies_automl/
        predictions_<which>_<model>.csv (a row per test face) and fallback_<which>_<model>.csv (a
        row per test image without one)
Run     dvc repro ablation_copies_automl   (or: python stages/ablation_copies_automl.py)
Takes   about 15 minutes on 2 cores
Expect  no gain of the ensembles over the network
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.ensembles import STACKING_SPECS, VOTING_SPECS
from ferd.study import params, supervisor

# The single model is Extra Trees: DVC's outs have its name.
SPECS = {"single": params.Spec(str, choices=("et",))}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    single = params.load("ablation_copies_automl", SPECS)["single"]
    voting = {**params.load("automl_voting", VOTING_SPECS), "methods": ["soft"]}
    stacking = params.load("automl_stacking", STACKING_SPECS)

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics

    with measure_cost("ablation_copies_automl") as cost:
        sets = {
            "ensembles_only": without_copies(read_features()),
            "network_too": read_features("data/ablation_copies/features.npz"),
        }
        metrics, cost["fit_seconds"] = {}, {}
        for which, faces in sets.items():
            seconds = cost["fit_seconds"][which] = {}
            metrics[which] = fit_all(which, faces, single, voting, stacking, seconds)
        write_metrics("metrics/ablation_copies_automl.json", metrics)


def without_copies(faces):
    """The paper's network's features of the train faces without a copy in the test set."""
    import numpy as np
    import pandas as pd

    with np.load("data/features.npz") as file:
        names = file["train_names"]
    copies = np.isin(names, pd.read_csv("data/test_copies.csv", dtype=str)["name"].to_numpy("U"))
    return faces._replace(train=faces.train[~copies])


def fit_all(which, faces, single, voting, stacking, seconds):
    """Fits and scores the three models on one set of features; dict of model to scores."""
    from ferd.ensembles.ensembles import run_stack, run_votes

    folder = "plots/ablation_copies_automl"
    path = f"{folder}/predictions_{which}_{single}.csv"
    scores = {single: fit_single(faces, single, voting, path, seconds)}
    pattern = f"{folder}/predictions_{which}_{{}}.csv"
    scores |= run_votes(faces, voting, pattern, seconds)
    path = f"{folder}/predictions_{which}_stack.csv"
    scores["stack"] = run_stack(faces, stacking, path, seconds)
    return scores


def fit_single(faces, name, settings, path, seconds):
    """Fits one model as automl_compare does: on one held-out fifth, then on all of train."""
    from ferd.ensembles.ensembles import Ensemble, read_tuned, report
    from ferd.ensembles.folds import splitter
    from ferd.ensembles.pycaret_experiment import DIGITS, build, cross_validated, set_up
    from ferd.study.progress import progress

    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    model = build(experiment, [name], read_tuned([name]))[name]
    with progress(name) as clock:
        fold = splitter(settings["folds"], settings["seed"])
        fitted = experiment.create_model(model, fold=fold, round=DIGITS, verbose=False)
    seconds[name] = clock["seconds"]
    ensemble = Ensemble(fitted, 1, cross_validated(experiment, fitted), clock["seconds"])
    return report(experiment, ensemble, faces, path)


if __name__ == "__main__":
    supervisor.run(main)
