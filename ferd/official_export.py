"""An exported network of FER2013's own protocol: its scores on PublicTest and PrivateTest."""

import hashlib

from ferd.calibration import fit_temperature
from ferd.export_scores import parity, score_detected, score_on_validation
from ferd.exported import answers, open_onnx
from ferd.recipe_stage import score_test
from ferd.trained import probabilities


def score_official(content, model, faces, batch_size, bins):
    """Scores an ONNX file beside the Keras network that it is made of.

    Args:
        content: Its bytes.
        model: `keras.Model`, input `(batch, size, size, 1)`, output `(batch, 7)`.
        faces: `ferd.recipe_data.RecipeFaces`, images of shape `(faces, size, size)`.
        batch_size: Faces at a time; decides speed alone.
        bins: As in `ferd.calibration.calibration_error`.

    Returns:
        Dict: `sha256`, `bytes`, `validation` (as `ferd.export_scores.score_on_validation`), `test`
        (by part, as `ferd.recipe_stage.score_test`), `parity` on the test faces, `per_class` and
        `calibration` (as `ferd.export_scores.score_detected`; the temperature is of validation).
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
        "test": score_test(faces, tested.argmax(axis=1)),
        "parity": parity(faces.test.classes, reference, tested),
        **score_detected(faces.test.classes, tested, temperature, bins),
    }
