"""Predicts the faces of an uploaded photo, for the web page and its JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from ferd.imaging.framing import Framing, sides
from ferd.inference.classifier import Classifier
from ferd.inference.emotion import Face
from ferd.inference.faces.cutting import shown
from ferd.inference.faces.gray import to_gray
from ferd.inference.occlusion import CELLS, occlusion_map

MAX_MAPS = 5
SIDES = ("left", "top", "right", "bottom")
NO_FACE = (
    "No face was found in this photo. Detection works best if the face is upright, looks towards "
    "the camera, is evenly lit and fills a good part of the picture."
)


def answer(
    classifier: Classifier,
    photo: NDArray[Any],
    explain: bool = False,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Finds the faces of a photo and predicts their expressions.

    Args:
        classifier: A `ferd.inference.classifier.Classifier`.
        photo: The upright photo as in `Classifier.predict_faces`. The detectors may use its colors.
        explain: Also make the occlusion maps of the largest faces, at most `MAX_MAPS`.
        notes: What was left out or missing when it was decoded, lines. Those about dark faces are
            added.

    Returns:
        Dict that JSON can hold: `size` (`width` and `height` of the upright photo), `faces` (dicts
        of `box`, `seen` (the network's input: larger than the box, possibly than the photo),
        `level`, `detector_score`, `label`, `confidence`, `probabilities` and, with `explain`,
        `occlusion`: rows of `ferd.inference.occlusion.occlusion_map`, or None beyond the largest
        faces), `message` (None if there is a face), `notes` and `prior`, as `prior_of`.
    """
    faces = classifier.predict_faces(photo)
    rows = [_row(face, classifier.framing) for face in faces]
    if explain:
        gray = to_gray(photo)
        for number, (row, face) in enumerate(zip(rows, faces, strict=True)):
            row["occlusion"] = _map(classifier, gray, face) if number < MAX_MAPS else None
    size = {"width": photo.shape[1], "height": photo.shape[0]}
    message = None if rows else NO_FACE
    dark = [f"face {number}: {face.note}" for number, face in enumerate(faces, 1) if face.note]
    found = {"size": size, "faces": rows, "message": message, "notes": [*notes, *dark]}
    return found | {"prior": prior_of(classifier)}


def prior_of(classifier: Classifier) -> dict[str, dict[str, float]] | None:
    """Names the class shares that probabilities are adjusted to, as `ferd evaluate` does.

    Args:
        classifier: A `ferd.inference.classifier.Classifier`.

    Returns:
        Dict of `shares` (those of the faces, by class) and `network` (the network's own), or None
        if nothing is adjusted.
    """
    own = classifier.network.prior
    return {"shares": classifier.prior, "network": own} if classifier.prior and own else None


def _row(face: Face, framing: Framing) -> dict[str, Any]:
    values = asdict(face)
    emotion = values.pop("emotion")
    del values["note"]  # it is among those of the photo
    box = {side: values.pop(side) for side in SIDES}
    seen = dict(zip(SIDES, sides(face, framing), strict=True))
    return {"box": box, "seen": seen, **values, **emotion}


def _map(classifier: Classifier, gray: NDArray[Any], face: Face) -> list[list[float]]:
    size = classifier.network.size
    picture, _ = shown(gray, face, classifier.framing, size)
    grid = occlusion_map(picture, classifier.calibrated, min(CELLS, size))
    return [[round(value, 4) for value in row] for row in grid.tolist()]
