"""Trains the best small network under FER2013's own protocol: under 1M weights.

It is trained on Training and scored on PublicTest, which chose the recipe, and on PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, the networks in
        data/<compact.teacher>/ (if compact.distillation is not 0), section compact of
        params.yaml
Writes  data/compact/<seed>/model.keras, plots/compact/<seed>/history.csv and
        predictions.csv (a row per test image), metrics/compact/<seed>.json
Run     dvc repro compact             every seed of headline.compact
        dvc repro compact@2024
        (or, from the top folder: python stages/compact.py 2024)
Takes   about an hour on 2 cores; a killed run resumes at its last epoch
Expect  under 25 million multiply-adds per face
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.distillation_params import DISTILLATION_SPECS
from ferd.study.final_params import FINAL_SPECS

SPECS = FINAL_SPECS | DISTILLATION_SPECS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("compact", SPECS) | {"seed": seed}
    stage = f"compact/{seed}"
    with measure_cost(stage) as cost:
        from ferd.training.recipes.outputs import run_recipe
        from ferd.training.recipes.teacher import load_teacher

        run_recipe(stage, settings, cost, teacher=load_teacher(settings))


if __name__ == "__main__":
    supervisor.run(main)
