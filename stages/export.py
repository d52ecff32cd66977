"""Exports the trained network: ONNX (float32, float16 weights, int8) and TensorFlow Lite.

Every file is asked about the validation part and the whole test set, beside the Keras network. The
int8 ranges are measured on faces that the network was trained on.

Reads   data/crops.npz, data/train/model.keras, data/audit.csv, data/test_twins.csv if
        train.exclude_test_twins
Writes  data/export/ferd_float32.onnx, ferd_float16.onnx, ferd_int8.onnx and ferd.tflite;
        metrics/export.json: of each its SHA-256, bytes, parity with Keras, accuracy by part of the
        test set, and calibration; metrics/cost/export.json: milliseconds per face on one thread
Run     dvc repro export          (or, from the top folder: python stages/export.py)
        python -m ferd.ship afterwards puts the best small file into the package
Takes   about 3 minutes on 2 cores
Expect  the float files to name every face as Keras does, int8 within 0.5 points of its accuracy
"""

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd import params
from ferd.cost import measure_cost
from ferd.train_params import TRAIN_SPECS
from stages.evaluate import SPECS as SCORING_SPECS

SPECS = {
    "seed": params.Spec(int, 0, 2**31 - 1),
    "calibration_faces": params.Spec(int, 1, 65536),
    "batch_size": params.Spec(int, 1, 65536),
    "timed_faces": params.Spec(int, 1, 65536),
}
TIMED_BATCHES = (1, 64)


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("export", SPECS)
    training = params.load("train", TRAIN_SPECS)
    scoring = params.load("evaluate", SCORING_SPECS)
    with measure_cost("export") as cost:
        export(settings, training, scoring, cost)


def export(settings, training, scoring, cost):
    """Writes every output of the stage."""
    from ferd import exported, trained
    from ferd.results import write_metrics

    fitted, validation, test = read_faces(training)
    model = trained.load_trained("train")
    calibration = draw(fitted, settings["calibration_faces"], settings["seed"])
    contents = convert(model, calibration)
    networks, size = open_all(contents), settings["batch_size"]
    given = {"keras": [trained.probabilities(model, f.images, size) for f in (validation, test)]}
    for name, run in networks.items():
        given[name] = [exported.answers(run, f.images, size) for f in (validation, test)]
    formats = score(given, validation, test, scoring)
    for name, content in contents.items():
        file = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        formats[name] = file | formats[name]
    counts = {"training": len(fitted), "calibration": len(calibration)}
    write_metrics("metrics/export.json", {"faces": counts, "formats": formats})
    cost |= time_all(networks, test.images, settings["timed_faces"])


def read_faces(training):
    """The detected faces of train that the network was fitted on, those that validate, and every
    test image: cut out where a face was found, else whole."""
    from dataclasses import replace

    from ferd.faces import load_faces
    from ferd.split import validation_rows
    from ferd.twin_free import training_faces

    faces = training_faces(load_faces("train"), training)
    validating = validation_rows(faces, training)
    test = load_faces("test", view="whole")
    images = test.images.copy()
    images[test.found] = load_faces("test").images
    return faces.take(~validating), faces.take(validating), replace(test, images=images)


def draw(faces, count, seed):
    """Images of `count` random faces, of all where there are fewer."""
    import numpy as np

    order = np.random.default_rng(seed).permutation(len(faces))
    return faces.images[order[:count]]


def convert(model, calibration):
    """Writes data/export/ and gives the files' bytes by their name in `ferd.exported.FILES`."""
    from ferd.export_files import FILES
    from ferd.onnx_export import halve, to_onnx
    from ferd.onnx_quantization import quantize
    from ferd.tflite_export import to_tflite

    plain = to_onnx(model)
    graphs = {"onnx_float32": plain, "onnx_float16": halve(plain)}
    graphs["onnx_int8"] = quantize(plain, calibration)
    contents = {name: graph.SerializeToString(deterministic=True) for name, graph in graphs.items()}
    contents["tflite"] = to_tflite(model)
    for name, content in contents.items():
        path = Path("data/export", FILES[name])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


def open_all(contents):
    """Functions of a batch, by name."""
    from ferd.exported import open_onnx
    from ferd.tflite_export import TfliteNetwork

    return {
        name: TfliteNetwork(content) if name == "tflite" else open_onnx(content)
        for name, content in contents.items()
    }


def score(given, validation, test, scoring):
    """Scores of each network, from its answers to validation and test, by name."""
    from ferd import export_scores
    from ferd.calibration import fit_temperature
    from ferd.evaluation import read_audit

    given = {name: [part.astype("float64") for part in parts] for name, parts in given.items()}
    audit, found = read_audit().loc[test.names], test.found
    answers = {name: tested for name, (_, tested) in given.items()}
    parts = export_scores.score_parts(audit, answers, scoring["draws"], scoring["seed"])
    actual, reference = test.classes[found], answers["keras"][found]
    scores = {}
    for name, (held_out, tested) in given.items():
        temperature = fit_temperature(validation.classes, held_out)
        scores[name] = {
            "validation": export_scores.score_on_validation(validation.classes, held_out),
            "parity": export_scores.parity(actual, reference, tested[found]),
            "test": parts[name],
            **export_scores.score_detected(actual, tested[found], temperature, scoring["bins"]),
        }
    del scores["keras"]["parity"]
    return scores


def time_all(networks, images, faces):
    """Milliseconds per face of each network by batch size, and how they compare."""
    from ferd.exported import milliseconds_per_face

    times = {
        name: {
            f"batch_{size}": milliseconds_per_face(run, images, size, faces)
            for size in TIMED_BATCHES
        }
        for name, run in networks.items()
    }
    plain, small = times["onnx_float32"], times["onnx_int8"]
    gain = {size: plain[size] / small[size] for size in plain}
    return {"threads": 1, "milliseconds_per_face": times, "int8_times_as_fast": gain}


if __name__ == "__main__":
    main()
