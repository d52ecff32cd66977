"""Fits of PyCaret in the working folder, and the scores of what they predict."""

import json
from pathlib import Path

import pandas as pd

from stages import score_ensembles
from tests.helpers.automl_data import TEST_COUNTS, make_arrays, write_project
from tests.helpers.small_study import read

DEFAULTS = {name: {} for name in ("et", "ridge", "lda", "nb")}


def fit_and_score(fit, run, changes=None, tuned=DEFAULTS, **features):
    """Fits and scores a run in the working folder.

    Args:
        fit: Function without arguments that fits it.
        run: Its name.
        changes: As in `write_project`.
        tuned: Content of data/tuned.json; None for no such file.
        **features: As in `write_project`; by default of the archive train alone.

    Returns:
        Its details and its cost.
    """
    write_project(Path(), changes or {}, **(features or {"train": make_arrays()}))
    if tuned is not None:
        Path("data/tuned.json").write_text(json.dumps(tuned))
    fit()
    score_ensembles.main(run)
    return read(f"metrics/details/{run}.json"), read(f"metrics/cost/{run}.json")


def predictions(path, faces=None):
    """A table of predictions, of as many faces as were to be predicted."""
    table = pd.read_csv(path)
    assert len(table) == (sum(TEST_COUNTS) if faces is None else faces)
    return table
