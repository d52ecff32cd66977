"""Averages the CNN's predictions for each test face and its mirror image (test-time augmentation).

The predictions are written to plots/, so that later comparisons need no network.

Reads   data/crops.npz, data/train/model.keras
Writes  plots/flip_averaging/predictions.csv (a row per test face with its probabilities),
        metrics/flip_averaging.json
Run     dvc repro flip_averaging  (or, from the top folder: python stages/flip_averaging.py)
Takes   under a minute on 2 cores
Expect  some tenths of a point above train's test accuracy
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost

SPECS = {"batch_size": params.Spec(int, 1, 65536)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("flip_averaging", SPECS)
    with measure_cost("flip_averaging"):
        average(**settings)


def average(batch_size):
    """Writes the stage's outputs."""
    from ferd.dataset.parts.faces import load_faces
    from ferd.scoring.scores import score
    from ferd.study.results import prediction_table, write_metrics, write_table
    from ferd.training.core import trained

    model, test = trained.load_trained("train"), load_faces("test")
    views = (test.images, test.images[:, :, ::-1])
    answers = sum(trained.probabilities(model, view, batch_size) for view in views) / len(views)
    predicted = answers.argmax(axis=1)
    table = prediction_table(test.names, test.classes, predicted, answers)
    write_table("plots/flip_averaging/predictions.csv", table)
    write_metrics("metrics/flip_averaging.json", score(test.classes, predicted, answers))


if __name__ == "__main__":
    supervisor.run(main)
