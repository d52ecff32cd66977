"""Trains the paper's network (Table I, 4,049,671 weights) on the cropped faces.

Reads   data/crops.npz; data/test_copies.csv if train.exclude_test_copies
Writes  data/train/model.keras, plots/train/history.csv, plots/train/predictions.csv (a row per
        test face with its probabilities), metrics/train.json
Run     dvc repro train           (or, from the top folder: python stages/train.py)
Takes   about 45 minutes on 2 cores with AVX-512 BF16; a killed run resumes at its last epoch
Expect  a test accuracy near the paper's 0.6672; metrics/train.json has the committed run's
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS)
    with measure_cost("train") as cost:
        train(settings, cost)


def train(settings, cost, stage="train"):
    """Trains on the detected train faces and scores the detected test faces, as `stage`."""
    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.training.paper.outputs import write_training
    from ferd.training.paper.train_cnn import train_network

    faces, test = training_faces(load_faces("train"), settings), load_faces("test")
    validating = validation_rows(faces, settings)
    training = train_network(faces, validating, settings)
    write_training(stage, training, faces.take(validating), test, cost)


if __name__ == "__main__":
    supervisor.run(main)
