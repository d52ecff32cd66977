"""Defines the options of `ferd predict` that concern several workers."""

import argparse

from ferd.commands.option_values import at_a_time, whole


def add_cluster(parser):
    """Adds the options to a group of `ferd predict`."""
    add = parser.add_argument
    add(
        "--cluster",
        type=_place,
        metavar="WHERE",
        help="a number starts that many workers on this machine; an address, such as "
        "tcp://host:8786, uses the workers of a Dask scheduler. All must reach the files under the "
        "same paths. --threads is then 1",
    )
    add(
        "--partition-size",
        type=whole,
        metavar="N",
        help="photos and videos that one worker predicts at a time, and whose rows are one Parquet "
        "file (default: 512)",
    )


def _place(text):
    if "://" in text:
        return text
    if text.isdecimal():
        return str(at_a_time(text))
    raise argparse.ArgumentTypeError(f"{text!r} is no address, as tcp://host:8786, and no number")
