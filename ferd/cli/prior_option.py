"""Defines the option of the command `ferd` that adjusts probabilities to known class shares."""

import argparse

from ferd.inference.prior import LABELS, read_prior

SHARES = """adjust the probabilities to the class shares of your faces, if you know them: uniform
(all classes equally frequent), or shares or counts of all seven classes, as in
happy=0.3,neutral=0.25,...; a class with 0 is never predicted"""
OWN_LABELS = """; or labels: the shares of the folder's own labels. This uses the labels
themselves, so the scores are an upper bound of what a known prior is worth"""


def add_prior(parser, has_labels=False):
    """Adds the option.

    Args:
        parser: An argparse parser, or a group of one.
        has_labels: Whether faces are labelled, so that their shares can be taken.
    """
    parser.add_argument(
        "--prior",
        type=_prior_or_labels if has_labels else _prior,
        metavar="SHARES",
        help=f"{SHARES}{OWN_LABELS if has_labels else ''} (default: not adjusted)",
    )


def _prior(text):
    """The text itself, which `Classifier.load` reads again."""
    if text == LABELS:
        raise argparse.ArgumentTypeError(f"{LABELS} is for ferd evaluate, which has labelled faces")
    return _prior_or_labels(text)


def _prior_or_labels(text):
    if text != LABELS:
        try:
            read_prior(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
    return text
