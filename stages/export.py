"""Exports the trained network: ONNX (float32, float16 weights, int8) and TensorFlow Lite.

Every file predicts the validation faces and the whole test set and is compared with the Keras
network. The int8 ranges are measured on training faces.

Reads   data/crops.npz, data/train/model.keras, data/audit.csv, data/test_copies.csv if
        train.exclude_test_copies
Writes  data/export/ferd_float32.onnx, ferd_float16.onnx, ferd_int8.onnx and ferd.tflite;
        metrics/export.json: of each its SHA-256, bytes, parity with Keras, accuracy by part of the
        test set, and calibration; metrics/cost/export.json: milliseconds per face on one thread
Run     dvc repro export          (or, from the top folder: python stages/export.py)
        python -m ferd.export.ship afterwards copies the best small file into the package
Takes   about 3 minutes on 2 cores
Expect  the float files predict as Keras for every face, int8 is within 0.5 points of its accuracy
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.export_params import EXPORT_SPECS as SPECS
from ferd.study.train_params import TRAIN_SPECS
from stages.evaluate import SPECS as SCORING_SPECS


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("export", SPECS)
    training = params.load("train", TRAIN_SPECS)
    scoring = params.load("evaluate", SCORING_SPECS)
    with measure_cost("export") as cost:
        from ferd.export.exporting import export_network
        from ferd.study.results import write_metrics
        from ferd.training.core.trained import load_trained

        faces, model = read_faces(training), load_trained("train")
        metrics, times = export_network(model, faces, "data/export", settings, scoring)
        write_metrics("metrics/export.json", metrics)
        cost |= times


def read_faces(training):
    """The detected training and validation faces, and every test image, cropped if possible."""
    from dataclasses import replace

    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.export.exporting import ExportFaces

    faces = training_faces(load_faces("train"), training)
    validating = validation_rows(faces, training)
    test = load_faces("test", view="whole")
    images = test.images.copy()
    images[test.found] = load_faces("test").images
    shown = replace(test, images=images)
    return ExportFaces(faces.take(~validating), faces.take(validating), shown)


if __name__ == "__main__":
    supervisor.run(main)
