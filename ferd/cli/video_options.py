"""Defines the options of `ferd predict` that concern videos and cameras."""

import argparse
import contextlib
import math


def add_video(parser):
    """Adds the options to the parser of `ferd predict`."""
    thinning = parser.add_mutually_exclusive_group()
    thinning.add_argument(
        "--every",
        type=_count,
        default=1,
        metavar="N",
        help="predict every Nth frame of a video or camera, from the first (default: every frame)",
    )
    thinning.add_argument(
        "--fps",
        type=_positive,
        metavar="N",
        help="predict at most N frames per second of a video or camera, such as 5 or 0.5",
    )
    parser.add_argument(
        "--smooth",
        type=_positive,
        metavar="SECONDS",
        help="average the probabilities of each track over time (exponential moving average): a "
        "frame that is SECONDS old weighs 1/e of a new one (default: no average)",
    )


def _count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _positive(text):
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
