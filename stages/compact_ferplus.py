"""Trains `compact` on the votes of FER+'s ten annotators instead of FER2013's labels.

The images are the same. Its scores cannot be compared with those of networks trained on the labels.

Reads   data/crops.npz, data/audit.csv, data/ferplus.csv, data/test_copies.csv, sections compact
        and compact_ferplus of params.yaml
Writes  data/compact_ferplus/model.keras, plots/compact_ferplus/history.csv and predictions.csv (a
        row per test image), metrics/compact_ferplus.json (scores by FER2013's labels; stage
        agreement scores by majority labels)
Run     dvc repro compact_ferplus
        (or, from the top folder: python stages/compact_ferplus.py)
Takes   about an hour on 2 cores; a killed run resumes at its last epoch
Expect  less than compact by FER2013's labels, far more by annotators' majority labels
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
SPECS = {key: RECIPE_SPECS[key] for key in ("seed", "targets", "epochs")}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    stage = "compact_ferplus"
    # No teacher: one trained on FER2013's labels would pass these on.
    settings = params.load("compact", COMPACT_SPECS) | {"distillation": 0.0}
    settings |= params.load(stage, SPECS)
    with measure_cost(stage) as cost:
        from ferd.training.recipes.outputs import run_recipe

        run_recipe(stage, settings, cost)


if __name__ == "__main__":
    supervisor.run(main)
