"""Computes the trained network's 256 penultimate features of every cropped face.

The test images in which no face was found are included whole, as "fallback". The ensembles predict
them too, apart from the detected faces.

Reads   data/crops.npz, data/train/model.keras; data/test_copies.csv if train.exclude_test_copies
Writes  data/features.npz (of train, test and fallback: features, class indices, names),
        metrics/extract.json
Run     dvc repro extract         (or, from the top folder: python stages/extract.py)
Takes   about 1 minute on 2 cores
Expect  21,599 train, 5,334 test and 1,732 fallback rows of 256 numbers, none below 0 (outputs of
        a ReLU)
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS

SPECS = {"batch_size": params.Spec(int, 1, 65536)}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("extract", SPECS)
    training = params.load("train", TRAIN_SPECS)
    with measure_cost("extract"):
        extract(settings["batch_size"], training)


def extract(batch_size, training):
    """Writes the features of train, test and fallback and counts them."""
    import keras
    import numpy as np

    from ferd.ensembles.penultimate import feature_arrays
    from ferd.study.results import write_metrics

    model = keras.saving.load_model("data/train/model.keras", compile=False)
    arrays = feature_arrays(model, training, batch_size)
    parts = ("train", "test", "fallback")
    counts = {part: {"faces": len(arrays[f"{part}_names"])} for part in parts}
    features = arrays["train_features"]
    counts["features"] = features.shape[1]
    # A feature that is 0 for every face is a dead unit of the network.
    counts["dead_features"] = int((features.max(axis=0) == 0).sum())
    counts["zero_share"] = float(np.mean(features == 0))
    np.savez("data/features.partial.npz", **arrays)
    os.replace("data/features.partial.npz", "data/features.npz")
    write_metrics("metrics/extract.json", counts)


if __name__ == "__main__":
    supervisor.run(main)
