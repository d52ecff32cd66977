"""Trains the paper's network in float32, to measure the effect of bfloat16 on accuracy.

Reads   data/crops.npz; data/test_copies.csv if train.exclude_test_copies
Writes  data/ablation_precision/model.keras, plots/ablation_precision/history.csv and
        predictions.csv, metrics/ablation_precision.json
Run     dvc repro ablation_precision
        (or, from the top folder: python stages/ablation_precision.py)
Takes   twice as long as train with hardware support of bfloat16; a killed run resumes
Expect  train's accuracy, up to chance
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS
from stages.train import train

SPECS = {"precision": TRAIN_SPECS["precision"]}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS) | params.load("ablation_precision", SPECS)
    with measure_cost("ablation_precision") as cost:
        train(settings, cost, "ablation_precision")


if __name__ == "__main__":
    supervisor.run(main)
