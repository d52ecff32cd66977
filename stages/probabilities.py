"""Computes every network's probabilities for images that its own stage does not predict.

These are the validation faces (for calibration), the test images in which no face was found
(whole), and all test images mirrored (for flip averaging).

Reads   data/crops.npz, data/test_copies.csv, data/<stage>/model.keras of every training
Writes  data/probabilities.npz: for validation the detected faces, for test every image; for each
        network `<stage>_validation`, `<stage>_test`, `<stage>_mirrored`, shape (images, 7)
Run     dvc repro probabilities   (or, from the top folder: python stages/probabilities.py)
Takes   about 2 minutes on 2 cores
Expect  2,160 validation faces and 7,066 test images
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
    settings = params.load("probabilities", SPECS)
    training = params.load("train", TRAIN_SPECS)
    with measure_cost("probabilities"):
        write_probabilities(settings["batch_size"], training)


def write_probabilities(batch_size, training):
    """Writes the archive and counts its images."""
    import numpy as np

    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.scoring.networks import NETWORKS
    from ferd.study.results import write_metrics
    from ferd.training.core import trained

    faces = training_faces(load_faces("train", view="whole"), training)
    faces = faces.take(faces.found)
    validating = validation_rows(faces, training)
    test = load_faces("test", view="whole")
    arrays = {"test_names": test.names, "test_classes": test.classes, "test_found": test.found}
    arrays["validation_classes"] = faces.classes[validating]
    for stage, view in NETWORKS.values():
        model = trained.load_trained(stage)
        held_out, images = faces.images, test.images
        if view == "crops":
            held_out = training_faces(load_faces("train"), training).images
            images = images.copy()
            images[test.found] = load_faces("test").images
        views = {"validation": held_out[validating], "test": images}
        views["mirrored"] = images[:, :, ::-1]
        for name, shown in views.items():
            arrays[f"{stage}_{name}"] = trained.probabilities(model, shown, batch_size)
    np.savez("data/probabilities.partial.npz", **arrays)
    os.replace("data/probabilities.partial.npz", "data/probabilities.npz")
    counts = {"validation": int(validating.sum()), "test": len(test)}
    write_metrics("metrics/probabilities.json", counts)


if __name__ == "__main__":
    supervisor.run(main)
