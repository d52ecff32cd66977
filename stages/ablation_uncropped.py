"""Trains the paper's network on whole images instead of cropped faces.

Reads   data/crops.npz; data/test_copies.csv if train.exclude_test_copies
Writes  data/ablation_uncropped/model.keras, plots/ablation_uncropped/history.csv and
        predictions.csv (a row per test image), metrics/ablation_uncropped.json
Run     dvc repro ablation_uncropped   (or: python stages/ablation_uncropped.py)
Takes   a third more than train (28,821 images); a killed run resumes at its last epoch
Expect  about 0.64 in the paper, which does not say on which images; metrics have `test_all` (every
        test image) and `test` (those with a detected face, on which train is scored)
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS

SPECS = {"train_on": params.Spec(str, choices=("all", "detected"))}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS)
    changed = params.load("ablation_uncropped", SPECS)
    with measure_cost("ablation_uncropped") as cost:
        train_uncropped(settings, changed["train_on"], cost)


def train_uncropped(settings, train_on, cost, stage="ablation_uncropped"):
    """Trains as the stage train does, on whole images; scores all and the detected ones."""
    import numpy as np

    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.training.paper.outputs import write_training
    from ferd.training.paper.train_cnn import train_network

    faces = training_faces(load_faces("train", view="whole"), settings)
    test = load_faces("test", view="whole")
    if train_on == "detected":
        faces = faces.take(faces.found)
    validating = validation_rows(faces, settings)
    training = train_network(faces, validating, settings, variant={"uncropped": train_on})
    views = {"test_all": np.ones(len(test), bool), "test": test.found}
    write_training(stage, training, faces.take(validating), test, cost, views)


if __name__ == "__main__":
    supervisor.run(main)
