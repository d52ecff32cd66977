"""Loads the classifier that the options of the command `ferd` ask for."""

import sys
from argparse import Namespace

from ferd.inference.classifier import Classifier
from ferd.inference.detectors.choice import DLIB, FALLBACK, default_name
from ferd.inference.prior import LABELS


def load_classifier(
    options: Namespace, threads: int | None, detector: str | None = None
) -> Classifier:
    """Loads it, and says so where the detector is not the one that the documents name.

    Args:
        options: As `ferd.cli.main` parses them.
        threads: As in `Classifier.load`.
        detector: Name of the detector; if None the one that the options name, or the default.

    Returns:
        A `Classifier`; with `--prior labels` one that adjusts nothing.

    Raises:
        ModelError: As in `Classifier.load`.
    """
    name = detector or options.detector or default_name()
    if name == DLIB and options.detector is None:
        print(f"ferd: {FALLBACK} (--detector dlib)", file=sys.stderr)
    longest_side, min_face = options.longest_side, options.min_face or 0
    prior = None if options.prior == LABELS else options.prior
    return Classifier.load(options.model, threads, longest_side, name, min_face, prior)
