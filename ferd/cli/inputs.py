"""Finds out whether an output would be written over a file that the command reads."""

import itertools
import os
import re
from pathlib import Path

from ferd.inference.reading.patterns import matches

MODELS = Path(__file__).parents[1] / "models"
DASHED = re.compile(r"--?[^=]*\.[A-Za-z]\w{1,4}", re.DOTALL)  # no option has a dot
ROWS = (b'{"file": ', b"file,", b"\xef\xbb\xbffile,")  # how the rows of an earlier run start


def overwritten(output, paths, model=None):
    """Names what a file for rows would be written over.

    Args:
        output: The path of that file.
        paths: The names of photos, videos, folders and patterns that are read.
        model: The option `--model`.

    Returns:
        Words for a message; None if the file may be written. Rows of an earlier run in a folder
        that is read may be.
    """
    if not os.path.isfile(output):
        return None
    if is_model(output, model):
        return "the model"
    for path in paths:
        found = [path] if os.path.lexists(path) else matches(path)
        if os.path.lexists(path) and os.path.isfile(path) and os.path.samefile(path, output):
            return "an input"
        if any(_holds(one, output) for one in found) and not _may_go(output):
            return f"a file of {path}"
    return None


def file_taken_for_option(words):
    """Finds a file whose name argparse would take for an option.

    Args:
        words: The words of the command line, after `ferd`.

    Returns:
        The first one; None if there is none.
    """
    before = itertools.takewhile(lambda word: word != "--", map(str, words))
    return next((word for word in before if DASHED.fullmatch(word)), None)


def is_model(output, model):
    """Whether an output is a file of the network that `--model` names, or of a packaged one."""
    files = [*MODELS.iterdir()]
    if model and os.path.isfile(model):
        files += [Path(model), Path(model).with_suffix(".json")]
    return any(file.exists() and os.path.samefile(file, output) for file in files)


def _holds(path, output):
    """Whether a path is the output's, or a folder above it."""
    real, inner = os.path.realpath(path), os.path.realpath(output)
    return real == inner or (os.path.isdir(real) and inner.startswith(os.path.join(real, "")))


def _may_go(output):
    with open(output, "rb") as file:
        start = file.read(16)
    return not start or start.startswith(ROWS)
