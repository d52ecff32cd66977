"""Fits a stack: a meta-model on the probabilities of the compared models.

Reads   data/features/<features>.npz; data/split_groups.csv where fold_groups is near;
        data/tuned.json where tune is true; sections automl, automl_stacking and the given ones of
        params.yaml
Writes  data/<run>/: predictions_stack.csv (a row per test face), fallback_stack.csv (a
        row per test image without a detected face), fit.json (cross-validated scores), cost.json
Run     dvc repro score_ensembles@automl_stacking  on the features of the run train
        dvc repro score_ensembles@cosine_stacking  on those of the run cosine, with PyCaret's
            hyperparameters and folds (section cosine_automl)
        (or: python -m stages.automl_stacking [RUN [FEATURES [SECTION ...]]] [--seed SEED])
Takes   about 8 minutes on 2 cores with folds: 1 and inner_folds: 3
Expect  an accuracy within a few points of the paper's 0.6726
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FIRST = "automl_stacking"


def main(run=FIRST, features="train", section=(), seed=None):
    settings, folder = load_ensemble("automl_stacking", *section, seed=seed), f"data/{run}"
    with measure_cost(f"{folder}/cost.json") as cost:
        from ferd.ensembles.ensembles import run_stack
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        faces = read_features(f"data/features/{features}.npz", settings["fold_groups"])
        cost["fit_seconds"] = {}
        facts = run_stack(faces, settings, folder, cost["fit_seconds"])
        write_json(f"{folder}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__, stage.fit_arguments(FIRST))
