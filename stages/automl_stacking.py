"""Fits a stack: a meta-model on the probabilities of the compared models.

Reads   data/features/cosine.npz, data/tuned.json; sections automl and automl_stacking of
        params.yaml
Writes  data/automl_stacking/: predictions_stack.csv (a row per test face), fallback_stack.csv (a
        row per test image without a detected face), fit.json (cross-validated scores), cost.json
Run     dvc repro score_ensembles@automl_stacking
        (or, from the top folder: python -m stages.automl_stacking)
Takes   about 8 minutes on 2 cores with folds: 1 and inner_folds: 3
Expect  an accuracy within 1.3 points of the paper's 0.6726, the half-width of its 95% interval
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load_ensemble

FOLDER = "data/automl_stacking"


def main():
    settings = load_ensemble("automl_stacking")
    with measure_cost(f"{FOLDER}/cost.json") as cost:
        from ferd.ensembles.ensembles import run_stack
        from ferd.ensembles.features import read_features
        from ferd.study.base.results import write_json

        cost["fit_seconds"] = {}
        facts = run_stack(read_features(), settings, FOLDER, cost["fit_seconds"])
        write_json(f"{FOLDER}/fit.json", facts)


if __name__ == "__main__":
    stage.run(main, __doc__)
