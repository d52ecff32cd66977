"""Trains the best small network under FER2013's official protocol: under 1M weights.

Reads   data/crops.npz, data/audit.csv, section compact of params.yaml
Writes  data/compact/model.keras, plots/compact/history.csv and predictions.csv (a row per test
        image), metrics/compact.json
Run     dvc repro compact   (or, from the top folder: python stages/compact.py)
Takes   up to three hours on 2 cores; killed, it goes on at its last epoch
Expect  under 25 million multiply-adds a face
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
    settings = params.load("compact", RECIPE_SPECS)
    with measure_cost("compact") as cost:
        from ferd.recipe_stage import run_recipe

        run_recipe("compact", settings, cost)


if __name__ == "__main__":
    main()
