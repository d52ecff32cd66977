"""Blends the compared models: a hard vote (majority) and a soft vote (mean probability).

Reads   data/features/cosine.npz, data/tuned.json; sections automl and automl_voting of
        params.yaml
Writes  data/automl_voting/: predictions_<method>.csv (a row per test face), fallback_<method>.csv
        (a row per test image without a detected face), fit.json (cross-validated scores), cost.json
Run     dvc repro score_ensembles@automl_voting
        (or, from the top folder: python -m stages.automl_voting)
Takes   about 6 minutes on 2 cores with folds: 1
Expect  a soft vote near the paper's accuracy of 0.6713, a hard vote within a point of the soft
        vote. Ridge and svm have no probabilities and take part in the hard vote only, which has no
        AUC; `members` is the number of voting models
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FOLDER = "data/automl_voting"


def main():
    settings = load_ensemble("automl_voting")
    with measure_cost(f"{FOLDER}/cost.json") as cost:
        from ferd.ensembles.ensembles import run_votes
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        cost["fit_seconds"] = {}
        facts = run_votes(read_features(), settings, FOLDER, cost["fit_seconds"])
        write_json(f"{FOLDER}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__)
