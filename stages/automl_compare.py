"""Compares single models on the CNN's features, and tunes them within a time limit if tune is true.

Reads   data/features/cosine.npz, sections automl and automl_compare of params.yaml
Writes  data/automl_compare/: predictions_<model>.csv (a row per test face), fallback_<model>.csv (a
        row per test image without a detected face), fit.json (cross-validated scores), cost.json;
        data/tuned.json (the hyperparameters that differ from PyCaret's defaults, for the ensembles)
Run     dvc repro score_ensembles@automl_compare
        (or, from the top folder: python -m stages.automl_compare)
Takes   about 5 minutes on 2 cores for the paper's six models with folds: 3, without tuning
Expect  all models within about 2 points of the CNN's test accuracy. `tuned` says whether a model's
        hyperparameters were searched (no search starts after tune_minutes, so a slower machine
        tunes fewer models), `improved` whether the search beat the defaults. The cross-validated
        accuracy is then a little too high, because the same folds chose the hyperparameters
"""

import json
from pathlib import Path

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FOLDER = "data/automl_compare"


def main():
    settings = load_ensemble("automl_compare")
    with measure_cost(f"{FOLDER}/cost.json") as cost:
        from ferd.ensembles.compare import compare
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        cost["fit_seconds"], cost["tune_seconds"] = {}, {}
        facts, chosen = compare(read_features(), settings, FOLDER, cost)
        Path("data/tuned.json").write_text(json.dumps(chosen, indent=2) + "\n", encoding="utf-8")
        write_json(f"{FOLDER}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__)
