"""Writes the results of stages: metrics as JSON, predictions and tables as CSV."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd

from ferd.classes import CLASSES


def write_json(path, values):
    """Writes nested dicts of numbers and text as JSON, floats rounded to 6 digits.

    Six digits still show one face in 35,887.

    Raises:
        TypeError: For a leaf that `dvc metrics` would silently drop (a list, None, an array).
        ValueError: For a number that is not finite, which JSON cannot hold.
    """
    _write_text(path, json.dumps(_rounded(values), indent=2, allow_nan=False) + "\n")


def write_table(path, table):
    """Writes a DataFrame as CSV without its index, floats with 6 digits."""
    _write_text(path, table.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def prediction_table(names, actual, predicted, probabilities=None):
    """One row per face: name, actual and predicted class, and a probability per class.

    `dvc plots` reads these rows (its confusion template needs one row per sample), and so does
    every later statistic, so that no score needs the model again.

    Args:
        names: Image names, shape `(faces,)`.
        actual: Integer class indices, shape `(faces,)`.
        predicted: The same.
        probabilities: Shape `(faces, 7)`, or None for a hard vote.

    Returns:
        DataFrame with columns `name`, `actual`, `predicted` and `p_<class>`.
    """
    classes = np.array(CLASSES)
    table = pd.DataFrame(
        {"name": names, "actual": classes[np.asarray(actual)], "predicted": classes[predicted]}
    )
    if probabilities is not None:
        for index, name in enumerate(CLASSES):
            table[f"p_{name}"] = np.asarray(probabilities)[:, index].astype("float64")
    return table


def _rounded(value):
    if isinstance(value, dict):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), 6)
    if isinstance(value, str):
        return value
    raise TypeError(f"a metrics file takes nested dicts of numbers, not {type(value).__name__}")


def _write_text(path, text):
    # Written to another name and renamed, so that a killed stage leaves no partial file.
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)
