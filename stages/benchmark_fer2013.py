"""Trains the best single network under FER2013's official protocol: every image, whole.

Reads   data/crops.npz, data/audit.csv, section benchmark_fer2013 of params.yaml
Writes  data/benchmark_fer2013/model.keras, plots/benchmark_fer2013/history.csv and predictions.csv
        (a row per test image), metrics/benchmark_fer2013.json
Run     dvc repro benchmark_fer2013   (or, from the top folder: python stages/benchmark_fer2013.py)
Takes   up to three hours on 2 cores; killed, it goes on at its last epoch
Expect  an accuracy on PrivateTest that compares with the published ones
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params
from ferd.cost import measure_cost
from ferd.recipe_params import RECIPE_SPECS


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("benchmark_fer2013", RECIPE_SPECS)
    with measure_cost("benchmark_fer2013") as cost:
        from ferd.recipe_stage import run_recipe

        run_recipe("benchmark_fer2013", settings, cost)


if __name__ == "__main__":
    main()
