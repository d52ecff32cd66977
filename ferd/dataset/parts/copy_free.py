"""Removes copies of test images from training if the setting `exclude_test_copies` is true."""

import numpy as np
import pandas as pd


def training_faces(faces, settings, path="data/test_copies.csv"):
    """The training and validation faces: all, or those without a copy in the test set.

    Args:
        faces: `Faces` of the train split.
        settings: Dict whose key `exclude_test_copies`, if it has it, says whether.
        path: The audit's list of train images that have a copy in the test set, column `name`.

    Returns:
        `Faces`.

    Raises:
        SystemExit: If none of the listed images is among the faces, so that the list is of other
            data.
    """
    if not settings.get("exclude_test_copies", False):
        return faces
    listed = pd.read_csv(path, dtype=str)["name"]
    copies = np.isin(faces.names, listed.to_numpy("U"))
    if len(listed) and not copies.any():
        raise SystemExit(f"{path} lists other images than these: run dvc repro audit")
    print(f"left out {copies.sum()} train images with a copy in the test set", flush=True)
    return faces.take(~copies)
