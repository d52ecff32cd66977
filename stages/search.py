"""Trains one recipe under FER2013's own split and scores it on PublicTest only.

It is for trying recipes: `dvc exp run -S search.mixup=0.2 search`. It never uses PrivateTest, but
Training and PublicTest contain images of the paper's test set.

Reads   data/crops.npz, data/audit.csv, the networks in data/<search.teacher>/ (if
        search.distillation is not 0), section search of params.yaml
Writes  data/search/model.keras, plots/search/history.csv and predictions.csv (a row per
        validation image), metrics/search.json
Run     dvc repro search   (or, from the top folder: python stages/search.py)
Takes   under an hour on 2 cores; a killed run resumes at its last epoch
Expect  a validation score to compare with docs/experiments.md
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.distillation_params import TRIED_DISTILLATION_SPECS
from ferd.study.recipe_params import RECIPE_SPECS

SPECS = RECIPE_SPECS | TRIED_DISTILLATION_SPECS


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("search", SPECS)
    with measure_cost("search") as cost:
        from ferd.training.recipes.outputs import run_recipe
        from ferd.training.recipes.teacher import load_teacher

        teacher = load_teacher(settings)
        run_recipe("search", settings, cost, scored="validation", teacher=teacher)


if __name__ == "__main__":
    supervisor.run(main)
