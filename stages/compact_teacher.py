"""Trains the network that teaches `compact`: of its size, on the labels alone.

On Training, chosen on PublicTest, scored once on PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_twins.csv, section compact_teacher of
        params.yaml
Writes  data/compact_teacher/<seed>/model.keras, plots/compact_teacher/<seed>/history.csv and
        predictions.csv (a row per test image), metrics/compact_teacher/<seed>.json
Run     dvc repro compact_teacher        every seed of headline.compact_teacher
        dvc repro compact_teacher@2024
        (or, from the top folder: python stages/compact_teacher.py 2024)
Takes   up to an hour and a half on 2 cores; killed, it goes on at its last epoch
Expect  what a network of this size learns from one label a face
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params
from ferd.cost import measure_cost
from ferd.final_params import FINAL_SPECS as SPECS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("compact_teacher", SPECS) | {"seed": seed}
    stage = f"compact_teacher/{seed}"
    with measure_cost(stage) as cost:
        from ferd.recipe_stage import run_recipe

        run_recipe(stage, settings, cost)


if __name__ == "__main__":
    main()
