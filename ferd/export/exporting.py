"""Exports a Keras network and scores the files. The export stages share this module."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.split import validation_rows
from ferd.export import export_scores, exported
from ferd.export.export_files import FILES
from ferd.export.onnx_export import halve, to_onnx
from ferd.export.onnx_quantization import quantize
from ferd.export.tflite_export import TfliteNetwork, to_tflite
from ferd.scoring.calibration import fit_temperature
from ferd.scoring.evaluation import read_audit
from ferd.training.core import trained

TIMED_BATCHES = (1, 64)


class ExportFaces(NamedTuple):
    """The training faces, the validation faces and every test image."""

    fitted: Faces
    validation: Faces
    test: Faces


def export_network(model, faces, folder, settings, scoring):
    """Writes a network's files, scores each and compares it with the Keras network.

    Args:
        model: `keras.Model` of one input `(batch, size, size, 1)` and one output `(batch, 7)`.
        faces: `ExportFaces`, with images in the network's input form.
        folder: Where the files go.
        settings: Dict of `seed`, `calibration_faces` (training faces on which int8's ranges are
            measured), `batch_size` and `timed_faces`.
        scoring: Dict of `bins` (calibration error), `draws` and `seed` (bootstrap).

    Returns:
        Details (`faces` and `formats`: of each file SHA-256, bytes, parity with Keras, accuracy by
        part of the test set, calibration), and costs: milliseconds per face on one thread.
    """
    calibration = draw(faces.fitted, settings["calibration_faces"], settings["seed"])
    contents = convert(model, calibration, folder)
    networks, size = open_all(contents), settings["batch_size"]
    shown = (faces.validation, faces.test)
    given = {"keras": [trained.probabilities(model, part.images, size) for part in shown]}
    for name, run in networks.items():
        given[name] = [exported.answers(run, part.images, size) for part in shown]
    formats = score(given, faces.validation, faces.test, scoring)
    for name, content in contents.items():
        file = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        formats[name] = file | formats[name]
    counts = {"training": len(faces.fitted), "calibration": len(calibration)}
    times = time_all(networks, faces.test.images, settings["timed_faces"])
    return {"faces": counts, "formats": formats}, times


def cropped_faces(settings):
    """The detected training and validation faces, and every test image, cropped if possible.

    Args:
        settings: The `train` section of params.yaml.

    Returns:
        `ExportFaces`.
    """

    faces = load_faces("train")
    validating = validation_rows(faces, settings)
    test = load_faces("test", view="whole")
    images = test.images.copy()
    images[test.found] = load_faces("test").images
    shown = replace(test, images=images)
    return ExportFaces(faces.take(~validating), faces.take(validating), shown)


def draw(faces, count, seed):
    """Images of `count` random faces, or of all if there are fewer."""
    order = np.random.default_rng(seed).permutation(len(faces))
    return faces.images[order[:count]]


def convert(model, calibration, folder):
    """Writes the files and returns their bytes by name in `ferd.export.export_files.FILES`."""
    plain = to_onnx(model)
    graphs = {"onnx_float32": plain, "onnx_float16": halve(plain)}
    graphs["onnx_int8"] = quantize(plain, calibration)
    contents = {name: graph.SerializeToString(deterministic=True) for name, graph in graphs.items()}
    contents["tflite"] = to_tflite(model)
    for name, content in contents.items():
        path = Path(folder, FILES[name])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


def open_all(contents):
    """Functions of a batch, by name."""
    return {
        name: TfliteNetwork(content) if name == "tflite" else exported.open_onnx(content)
        for name, content in contents.items()
    }


def score(given, validation, test, scoring):
    """Scores of each network by name, from its probabilities for validation and test faces."""
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
    times = {
        name: {
            f"batch_{size}": exported.milliseconds_per_face(run, images, size, faces)
            for size in TIMED_BATCHES
        }
        for name, run in networks.items()
    }
    plain, small = times["onnx_float32"], times["onnx_int8"]
    gain = {size: plain[size] / small[size] for size in plain}
    return {"threads": 1, "milliseconds_per_face": times, "int8_times_as_fast": gain}
