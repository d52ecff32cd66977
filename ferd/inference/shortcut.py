"""Predicts the faces of one photo in one call: `ferd.predict`."""

import functools
import os

from ferd.inference.classifier import Classifier
from ferd.inference.emotion import Face
from ferd.inference.given import FilePath, Photo, shares_of
from ferd.inference.prior import Prior


def predict(
    photo: Photo,
    model: FilePath | None = None,
    detector: str | None = None,
    longest_side: int | None = None,
    min_face: int = 0,
    prior: Prior | None = None,
) -> list[Face]:
    """Finds every face of a photo and predicts its expression, as `ferd predict` does.

    The network is loaded at the first call and kept for the next.

    Args:
        photo: As in `Classifier.predict_faces`.
        model: As in `Classifier.load`.
        detector: As in `Classifier.load`.
        longest_side: As in `Classifier.load`.
        min_face: As in `Classifier.load`.
        prior: As in `Classifier.load`.

    Returns:
        As in `Classifier.predict_faces`.

    Raises:
        BadImage: As in `Classifier.predict_faces`.
        ModelError: As in `Classifier.load`.
        ValueError: As in `Classifier.predict_faces` and `Classifier.load`.
    """
    model = None if model is None else os.fspath(model)
    shares = shares_of(prior)
    pairs = None if shares is None else tuple(shares.items())
    return _loaded(model, detector, longest_side, min_face, pairs).predict_faces(photo)


@functools.cache
def _loaded(
    model: str | None,
    detector: str | None,
    longest_side: int | None,
    min_face: int,
    shares: tuple[tuple[str, float], ...] | None,
) -> Classifier:
    prior = None if shares is None else dict(shares)
    return Classifier.load(model, None, longest_side, detector, min_face, prior)
