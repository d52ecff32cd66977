"""Trains the best single network under FER2013's own protocol.

It is trained on Training and scored on PublicTest, which chose the recipe, and on PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, section benchmark_fer2013 of
        params.yaml
Writes  data/benchmark_fer2013/<seed>/model.keras, plots/benchmark_fer2013/<seed>/history.csv and
        predictions.csv (a row per test image), metrics/benchmark_fer2013/<seed>.json
Run     dvc repro benchmark_fer2013             every seed of headline.benchmark_fer2013
        dvc repro benchmark_fer2013@2024
        (or, from the top folder: python stages/benchmark_fer2013.py 2024)
Takes   up to three hours on 2 cores; a killed run resumes at its last epoch
Expect  an accuracy on PrivateTest that can be compared with published ones
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.final_params import FINAL_SPECS as SPECS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("benchmark_fer2013", SPECS) | {"seed": seed}
    stage = f"benchmark_fer2013/{seed}"
    with measure_cost(stage) as cost:
        from ferd.training.recipes.outputs import run_recipe

        run_recipe(stage, settings, cost)


if __name__ == "__main__":
    supervisor.run(main)
