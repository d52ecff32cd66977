"""Builds tables of the network's features with a `target` column, as PyCaret needs them."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.dataset.parts.split import read_groups

TARGET = "target"
PARTS = ("train", "test", "fallback")


class FaceFeatures(NamedTuple):
    """Features of the faces of both splits.

    Args:
        train, test: DataFrames, a row per face: `feature_0`, `feature_1`, ... (float32) and
            `target`, the integer class index.
        test_names: Names of the test faces, shape `(faces,)`.
        fallback: As `test`, of the whole test images in which no face was found; may be
            empty.
        fallback_names: Their names.
        train_groups: Integers, shape `(train faces,)`: faces of one group stay on one side of a
            fold. None splits face by face.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    test_names: np.ndarray
    fallback: pd.DataFrame
    fallback_names: np.ndarray
    train_groups: np.ndarray | None = None


def write_features(path, arrays):
    """Writes features, under another name until the file is complete.

    Args:
        path: The archive.
        arrays: As `read_features` reads them.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, **arrays)
    os.replace(partial, path)


def read_features(path="data/features/train.npz", fold_groups="none"):
    """Reads the features of both splits and checks them.

    Args:
        path: Archive with `<part>_features` (faces, features), `<part>_classes` (faces,) and
            `<part>_names` (faces,) for the parts `train`, `test` and `fallback`.
        fold_groups: none, or near: the groups of near and shifted copies are read too, from
            data/split_groups.csv.

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
    for part in PARTS:
        _check_part(path, part, arrays)
    first = arrays["train_features"].shape[1]
    for part in PARTS:
        columns = arrays[f"{part}_features"].shape[1]
        if columns != first:
            raise SystemExit(f"{path}: {first} features in train but {columns} in {part}")
    tables, start = [], 0
    for part in PARTS:
        # PyCaret joins all rows into one table and refuses a repeated index.
        tables.append(_table(arrays[f"{part}_features"], arrays[f"{part}_classes"], start))
        start += len(tables[-1])
    train, test, fallback = tables
    groups = read_groups(arrays["train_names"]) if fold_groups == "near" else None
    names = arrays["test_names"], arrays["fallback_names"]
    return FaceFeatures(train, test, names[0], fallback, names[1], groups)


def _check_part(path, part, arrays):
    keys = [f"{part}_{kind}" for kind in ("features", "classes", "names")]
    missing = [key for key in keys if key not in arrays]
    if missing:
        raise SystemExit(f"{path} has no array {', '.join(missing)}")
    features, classes, names = (arrays[key] for key in keys)
    # Every test image may have a face, so an empty fallback is valid.
    empty = len(names) == 0 and part != "fallback"
    if features.ndim != 2 or not len(features) == len(classes) == len(names) or empty:
        shapes = ", ".join(f"{key} {arrays[key].shape}" for key in keys)
        raise SystemExit(f"{path}: these do not describe the same faces: {shapes}")
    if not np.issubdtype(classes.dtype, np.integer) or not set(classes) <= set(range(len(CLASSES))):
        raise SystemExit(f"{path}: {keys[1]} must hold whole numbers from 0 to {len(CLASSES) - 1}")
    # PyCaret would silently replace a NaN by the column's mean.
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


def without_copies(faces, path, listed="data/test_copies.csv"):
    """The features without the training faces that have a copy in the test set.

    Args:
        faces: `FaceFeatures`.
        path: The archive that it was read from, which has the training faces' names.
        listed: The audit's list of these faces, column `name`.
    """
    with np.load(path) as archive:
        names = archive["train_names"]
    copies = np.isin(names, pd.read_csv(listed, dtype=str)["name"].to_numpy("U"))
    groups = faces.train_groups if faces.train_groups is None else faces.train_groups[~copies]
    return faces._replace(train=faces.train[~copies], train_groups=groups)
