"""Trains `compact` without the Training images that have a copy in PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, the networks in
        data/<compact.teacher>/ (if compact.distillation is not 0), sections compact and
        ablation_copies_compact of params.yaml
Writes  data/ablation_copies_compact/model.keras, plots/ablation_copies_compact/history.csv and
        predictions.csv (a row per test image), metrics/ablation_copies_compact.json
Run     dvc repro ablation_copies_compact
        (or, from the top folder: python stages/ablation_copies_compact.py)
Takes   as long as compact; a killed run resumes at its last epoch
Expect  compact's accuracy on PrivateTest's images without a copy, less on those with one
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.distillation_params import DISTILLATION_SPECS
from ferd.study.final_params import FINAL_SPECS
from ferd.study.recipe_params import RECIPE_SPECS

COMPACT_SPECS = FINAL_SPECS | DISTILLATION_SPECS
SPECS = {
    "seed": RECIPE_SPECS["seed"],
    "exclude_test_copies": params.Spec(bool, choices=(True,)),
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    stage = "ablation_copies_compact"
    settings = params.load("compact", COMPACT_SPECS) | params.load(stage, SPECS)
    with measure_cost(stage) as cost:
        from ferd.training.recipes.outputs import run_recipe
        from ferd.training.recipes.teacher import load_teacher

        run_recipe(stage, settings, cost, teacher=load_teacher(settings))


if __name__ == "__main__":
    supervisor.run(main)
