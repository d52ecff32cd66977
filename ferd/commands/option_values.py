"""Reads the values of options; argparse shows the message of what it refuses."""

import argparse
import contextlib
import math
import os

# Threads or processes for each core. Thousands at a time stop the machine, and no signal ends them.
PER_CORE, ALWAYS = 4, 64


def named(text: str) -> str:
    """The name of a file, a folder or a part: not the empty text of a variable that is not set."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def port(text: str) -> int:
    """Reads the number of a port: 0 to 65535."""
    if text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 65535")


def whole(text: str) -> int:
    """Reads a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def at_a_time(text: str) -> int:
    """A number of threads or processes that this machine can run."""
    number, cores = whole(text), os.cpu_count() or 1
    if number > (most := max(ALWAYS, PER_CORE * cores)):
        line = f"{number} at a time are too many for this machine: at most {most}"
        raise argparse.ArgumentTypeError(line)
    return number


def fraction(text: str) -> float:
    """Reads a number from 0 to 1."""
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")


def positive(text: str) -> float:
    """Reads a finite number above 0."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
