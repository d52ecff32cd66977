"""Trains the best single network under the paper's protocol: its split, the detected faces.

Reads   data/crops.npz, data/audit.csv, section improved of params.yaml
Writes  data/improved/model.keras, plots/improved/history.csv and predictions.csv (a row per test
        image), metrics/improved.json
Run     dvc repro improved   (or, from the top folder: python stages/improved.py)
Takes   up to three hours on 2 cores; killed, it goes on at its last epoch
Expect  a test accuracy well above train's
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
    settings = params.load("improved", RECIPE_SPECS)
    with measure_cost("improved") as cost:
        from ferd.recipe_stage import run_recipe

        run_recipe("improved", settings, cost)


if __name__ == "__main__":
    main()
