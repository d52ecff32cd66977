"""Trains the paper's network without the train images that have a copy in the test set.

Reads   data/crops.npz, data/test_copies.csv
Writes  data/ablation_copies/model.keras and features.npz (as extract's), plots/ablation_copies/
        history.csv and predictions.csv, metrics/ablation_copies.json
Run     dvc repro ablation_copies   (or, from the top folder: python stages/ablation_copies.py)
Takes   as long as train; a killed run resumes at its last epoch
Expect  a lower test accuracy than train's, because the copies raise train's
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS

SPECS = {"exclude_test_copies": params.Spec(bool, choices=(True,))}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS) | params.load("ablation_copies", SPECS)
    with measure_cost("ablation_copies") as cost:
        train_without_copies(settings, cost)


def train_without_copies(settings, cost, stage="ablation_copies"):
    """Trains as the stage train does, on fewer faces; writes the same outputs and the features."""
    import numpy as np

    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.ensembles.penultimate import feature_arrays
    from ferd.training.paper.outputs import write_training
    from ferd.training.paper.train_cnn import train_network

    faces, test = training_faces(load_faces("train"), settings), load_faces("test")
    validating = validation_rows(faces, settings)
    training = train_network(faces, validating, settings)
    Path(f"data/{stage}").mkdir(parents=True, exist_ok=True)
    np.savez(f"data/{stage}/features.partial.npz", **feature_arrays(training.model, settings))
    os.replace(f"data/{stage}/features.partial.npz", f"data/{stage}/features.npz")
    write_training(stage, training, faces.take(validating), test, cost)


if __name__ == "__main__":
    supervisor.run(main)
