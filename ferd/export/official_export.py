"""Exports a network of FER2013's own split and scores it on PublicTest and PrivateTest."""

import hashlib
from pathlib import Path

from ferd.dataset.crop.boxes import read_boxes
from ferd.export.export_files import FILES
from ferd.export.export_scores import (
    parity,
    score_by_copy,
    score_detected,
    score_on_validation,
)
from ferd.export.exported import answers, open_onnx
from ferd.export.onnx_export import halve, to_onnx
from ferd.export.viewed_network import with_views
from ferd.imaging.framing import median_framing
from ferd.scoring.calibration import fit_temperature
from ferd.training.core.trained import load_trained, probabilities


def viewed(stage, views, size):
    """A stage's trained network with test-time augmentation built in, for a whole face.

    Args:
        stage: As in `ferd.training.core.trained.load_trained`.
        views: As in `ferd.training.recipes.augment.views_of`.
        size: Side of a face in pixels.
    """
    return with_views(load_trained(stage), size, views)


def write_onnx(model, folder):
    """Writes a network's file, weights in float16 and arithmetic in float32.

    Args:
        model: As in `ferd.export.onnx_export.to_onnx`.
        folder: Folder for the file.

    Returns:
        The file's bytes.
    """
    content = halve(to_onnx(model)).SerializeToString(deterministic=True)
    path = Path(folder, FILES["onnx_float16"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def framing_of(faces):
    """By how much whole images exceed dlib's box, as a dict; for `Faces` with data/crops.csv."""
    size = faces.images.shape[1]
    return median_framing(read_boxes(size).loc[faces.names[faces.found]], size)._asdict()


def score_official(content, model, faces, batch_size, scoring):
    """Scores an ONNX file and compares it with its Keras network.

    Args:
        content: The file's bytes.
        model: `keras.Model`, input `(batch, size, size, 1)`, output `(batch, 7)`.
        faces: `ferd.training.recipes.data.RecipeFaces`, images of shape `(faces, size, size)`.
        batch_size: Faces at a time; changes the speed only.
        scoring: Dict of `bins` (calibration error), `draws` and `seed` (bootstrap).

    Returns:
        Dict: `sha256`, `bytes`, `validation` (as `ferd.export.export_scores.score_on_validation`),
        `test` (by part, as `ferd.export.export_scores.score_by_copy`), `parity` on the test faces,
        `per_class` and `calibration` (as `ferd.export.export_scores.score_detected`; the
        temperature is of validation).
    """
    run = open_onnx(content)
    held_out, tested = (
        answers(run, part.images, batch_size).astype("float64")
        for part in (faces.validation, faces.test)
    )
    reference = probabilities(model, faces.test.images, batch_size).astype("float64")
    temperature = fit_temperature(faces.validation.classes, held_out)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "validation": score_on_validation(faces.validation.classes, held_out),
        "test": score_by_copy(faces, tested.argmax(axis=1), scoring["draws"], scoring["seed"]),
        "parity": parity(faces.test.classes, reference, tested),
        **score_detected(faces.test.classes, tested, temperature, scoring["bins"]),
    }
