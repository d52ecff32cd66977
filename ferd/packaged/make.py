"""Makes `fast`, and the JSON files of `general` and `fast`."""

import hashlib
from pathlib import Path

import numpy as np
import onnx

from ferd.export.exported import answers, open_onnx
from ferd.packaged.int8 import to_int8
from ferd.packaged.one_view import one_view
from ferd.scoring.calibration import apply_temperature, fit_temperature

MODELS, MADE = Path("ferd/models"), Path("data/packaged")
TRAINED = ("compact", "annotators")
NEW = ("general", "fast")
# What each new network is made of, for its JSON file.
ORIGINS = {
    "mean": ("the mean of compact and annotators", "onnx_float16"),
    "mixed": ("mixed", "onnx_float16"),
    "fast": ("one view of compact", "onnx_int8"),
}
# Copied from compact's JSON file, which both networks come from.
SHARED = ("licence", "classes", "size", "crop_levels", "framing")


def make_fast(images):
    """Makes `fast`.

    Args:
        images: uint8, shape `(faces, size, size)`: training faces, for the ranges of int8.

    Returns:
        The bytes of the ONNX file.
    """
    return to_bytes(to_int8(one_view(read("compact")), images))


def read(name):
    """A packaged network, as `onnx.ModelProto`."""
    return onnx.load(MODELS / f"{name}.onnx")


def to_bytes(model):
    """The content of an `onnx.ModelProto`'s file."""
    return model.SerializeToString(deterministic=True)


def predict(content, images, batch_size=64):
    """Predicts on one thread.

    Args:
        content: Bytes of an ONNX file.
        images: uint8, shape `(faces, size, size)`.
        batch_size: Faces at a time; changes the speed only.

    Returns:
        float64, shape `(faces, classes)`: probabilities without the temperature.
    """
    return answers(open_onnx(content), images, batch_size).astype("float64")


def facts(origin, content, temperature, prior, metrics, shared):
    """The JSON object beside a new network.

    Args:
        origin: One of `ORIGINS`.
        content: Bytes of its ONNX file.
        temperature: From `temperature_of`.
        prior: From `prior_of`.
        metrics: Its scores.
        shared: The JSON object beside `compact.onnx`.

    Returns:
        Dict that `ferd.inference.onnx_network.OnnxNetwork` takes.
    """
    network, form = ORIGINS[origin]
    return {
        "sha256": sha256(content),
        "network": network,
        "format": form,
        **{key: shared[key] for key in SHARED},
        "temperature": temperature,
        "prior": prior,
        "metrics": metrics,
    }


def sha256(content):
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def temperature_of(probabilities, labels):
    """The temperature by one or more kinds of labels; a face counts once for each.

    Args:
        probabilities: Shape `(faces, classes)`.
        labels: List of integers of shape `(faces,)`; -1 for a face without a label of this kind.
    """
    known = [kind >= 0 for kind in labels]
    given = np.concatenate([probabilities[rows] for rows in known])
    actual = np.concatenate([kind[rows] for kind, rows in zip(labels, known, strict=True)])
    return round(fit_temperature(actual, given), 6)


def prior_of(probabilities, temperature, classes):
    """The class shares that a calibrated network predicts on average.

    Args:
        probabilities: Shape `(faces, classes)`, of faces that it was not trained on.
        temperature: Of the network.
        classes: Their names.

    Returns:
        Dict of class to share; they sum to 1.
    """
    shares = apply_temperature(probabilities, temperature).mean(axis=0)
    return {name: round(float(share), 6) for name, share in zip(classes, shares, strict=True)}
