"""Tells which faces have a copy or near copy elsewhere, by the audit's table."""

import numpy as np
import pandas as pd


def has_copy(faces, others, path="data/audit.csv"):
    """Marks faces with an exact or near copy among others, in any folder.

    Args:
        faces, others: `Faces`.
        path: The audit's table; images of one `copy_group` are copies or near copies.

    Returns:
        bool, shape `(faces,)`.
    """
    groups = copy_groups(path)
    return np.isin(groups.loc[faces.names], groups.loc[others.names])


def copy_groups(path="data/audit.csv"):
    """Reads the number of each image's group of copies and near copies.

    Args:
        path: The audit's table, with the columns `split`, `class`, `name` and `copy_group`.

    Returns:
        Series of int, indexed by image name (`split/class/name`).
    """
    table = pd.read_csv(path, usecols=["split", "class", "name", "copy_group"], dtype={"name": str})
    names = table["split"] + "/" + table["class"] + "/" + table["name"]
    return pd.Series(table["copy_group"].to_numpy(), index=names)
