"""Trains the best single network under the paper's protocol: its split, the detected faces.

Validation scores chose the recipe. Earlier versions of it were scored on the test set too.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, section improved of
        params.yaml
Writes  data/improved/<seed>/model.keras, plots/improved/<seed>/history.csv and
        predictions.csv (a row per test image), metrics/improved/<seed>.json
Run     dvc repro improved             every seed of headline.improved
        dvc repro improved@2024
        (or, from the top folder: python stages/improved.py 2024)
Takes   up to three hours on 2 cores; a killed run resumes at its last epoch
Expect  a test accuracy well above train's
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
    settings = params.load("improved", SPECS) | {"seed": seed}
    stage = f"improved/{seed}"
    with measure_cost(stage) as cost:
        from ferd.training.recipes.outputs import run_recipe

        run_recipe(stage, settings, cost)


if __name__ == "__main__":
    supervisor.run(main)
