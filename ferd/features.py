"""The network's features of every face as tables with a `target` column, the form PyCaret takes."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ferd.classes import CLASSES, SPLITS

TARGET = "target"


class FaceFeatures(NamedTuple):
    """Features of the faces of both splits.

    Args:
        train, test: DataFrames, a row per face: `feature_0`, `feature_1`, ... (float32) and
            `target`, the integer class index.
        test_names: Names of the test faces, shape `(faces,)`.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    test_names: np.ndarray


def read_features(path="data/features.npz"):
    """Reads the features of both splits and checks them.

    Args:
        path: Archive with `<split>_features` (faces, features), `<split>_classes` (faces,) and
            `<split>_names` (faces,) for the splits `train` and `test`.

    Returns:
        `FaceFeatures`.

    Raises:
        SystemExit: If the archive is missing, lacks an array or holds arrays that do not fit each
            other, a class index out of range or a feature that is not finite.
    """
    try:
        with np.load(path) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read: {error}") from error
    for split in SPLITS:
        _check_split(path, split, arrays)
    columns = [arrays[f"{split}_features"].shape[1] for split in SPLITS]
    if columns[0] != columns[1]:
        raise SystemExit(f"{path}: {columns[0]} features in train but {columns[1]} in test")
    train = _table(arrays["train_features"], arrays["train_classes"], 0)
    # PyCaret puts both splits into one table and refuses an index that occurs twice.
    test = _table(arrays["test_features"], arrays["test_classes"], len(train))
    return FaceFeatures(train, test, arrays["test_names"])


def _check_split(path, split, arrays):
    keys = [f"{split}_{part}" for part in ("features", "classes", "names")]
    missing = [key for key in keys if key not in arrays]
    if missing:
        raise SystemExit(f"{path} has no array {', '.join(missing)}")
    features, classes, names = (arrays[key] for key in keys)
    if features.ndim != 2 or not len(features) == len(classes) == len(names) > 0:
        shapes = ", ".join(f"{key} {arrays[key].shape}" for key in keys)
        raise SystemExit(f"{path}: these do not describe the same faces: {shapes}")
    if not np.issubdtype(classes.dtype, np.integer) or not set(classes) <= set(range(len(CLASSES))):
        raise SystemExit(f"{path}: {keys[1]} must hold whole numbers from 0 to {len(CLASSES) - 1}")
    # PyCaret would fill a NaN with the column's mean without a word.
    wrong = int(np.sum(~np.isfinite(features).all(axis=1)))
    if wrong:
        raise SystemExit(f"{path}: {keys[0]} is not finite for {wrong} faces")


def _table(features, classes, first):
    table = pd.DataFrame(
        np.asarray(features, "float32"),
        columns=[f"feature_{number}" for number in range(features.shape[1])],
        index=pd.RangeIndex(first, first + len(features)),
    )
    table[TARGET] = classes
    return table
