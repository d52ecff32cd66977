"""Compares single models on the CNN's features, and tunes those of tune_models if tune is true.

Reads   data/features/<features>.npz; data/split_groups.csv where fold_groups is near; sections
        automl, automl_compare and the given ones of params.yaml
Writes  data/<run>/: predictions_<model>.csv (a row per test face), fallback_<model>.csv (a
        row per test image without a detected face), fit.json (cross-validated scores), cost.json;
        of the run automl_compare also data/tuned.json: the hyperparameters that differ from
        PyCaret's defaults, for the ensembles
Run     dvc repro score_ensembles@automl_compare  on the features of the run train
        dvc repro score_ensembles@cosine_compare  on those of the run cosine, with PyCaret's
            hyperparameters and folds (section cosine_automl)
        (or: python -m stages.automl_compare [RUN [FEATURES [SECTION ...]]] [--seed SEED])
Takes   about 5 minutes on 2 cores for the paper's six models with folds: 3, and about 15 more with
        tuning
Expect  all models within about 2 points of the CNN's test accuracy. In fit.json `tuned` says
        whether a model's hyperparameters were searched, `improved` whether the search beat the
        defaults. Cross-validated accuracies are above test accuracies, because the network was
        trained on these faces; tuning adds a little, because the same folds chose the
        hyperparameters
"""

import json
from pathlib import Path

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FIRST = "automl_compare"


def main(run=FIRST, features="train", section=(), seed=None):
    settings, folder = load_ensemble("automl_compare", *section, seed=seed), f"data/{run}"
    with measure_cost(f"{folder}/cost.json") as cost:
        from ferd.ensembles.compare import compare
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        faces = read_features(f"data/features/{features}.npz", settings["fold_groups"])
        cost["fit_seconds"], cost["tune_seconds"] = {}, {}
        facts, chosen = compare(faces, settings, folder, cost)
        if run == FIRST:
            Path("data/tuned.json").write_text(json.dumps(chosen, indent=2) + "\n", "utf-8")
        write_json(f"{folder}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__, stage.fit_arguments(FIRST))
