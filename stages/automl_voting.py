"""Blends the compared models: a hard vote (majority) and a soft vote (mean probability).

Reads   data/features/<features>.npz; data/split_groups.csv where fold_groups is near;
        data/tuned.json where tune is true; sections automl, automl_voting and the given ones of
        params.yaml
Writes  data/<run>/: predictions_<method>.csv (a row per test face), fallback_<method>.csv
        (a row per test image without a detected face), fit.json (cross-validated scores), cost.json
Run     dvc repro score_ensembles@automl_voting  on the features of the run train
        dvc repro score_ensembles@cosine_voting  on those of the run cosine, with PyCaret's
            hyperparameters and folds (section cosine_automl)
        (or: python -m stages.automl_voting [RUN [FEATURES [SECTION ...]]] [--seed SEED])
Takes   about 6 minutes on 2 cores with folds: 1
Expect  a soft vote near the paper's accuracy of 0.6713, a hard vote within a point of the soft
        vote. Ridge and svm have no probabilities and take part in the hard vote only, which has no
        AUC; `members` is the number of voting models
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FIRST = "automl_voting"


def main(run=FIRST, features="train", section=(), seed=None):
    settings, folder = load_ensemble("automl_voting", *section, seed=seed), f"data/{run}"
    with measure_cost(f"{folder}/cost.json") as cost:
        from ferd.ensembles.ensembles import run_votes
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        faces = read_features(f"data/features/{features}.npz", settings["fold_groups"])
        cost["fit_seconds"] = {}
        facts = run_votes(faces, settings, folder, cost["fit_seconds"])
        write_json(f"{folder}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__, stage.fit_arguments(FIRST))
