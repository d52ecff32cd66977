"""Reads dlib's face boxes, in pixels of the study's stored images."""

import pandas as pd


def read_boxes(size, path="data/crops.csv"):
    """dlib's boxes in pixels of the whole images in data/crops.npz, whatever the files' own size.

    Args:
        size: Side of those images.
        path: The table that stages/crop.py writes.

    Returns:
        DataFrame of left, top, right and bottom, right and bottom excluded, by the names of
        `Faces`; NaN where no face was found.
    """
    table = pd.read_csv(path, dtype={"name": str})
    table.index = table["split"] + "/" + table["class"] + "/" + table["name"]
    across, down = size / table["width"], size / table["height"]
    scales = {"left": across, "top": down, "right": across, "bottom": down}
    return pd.DataFrame({edge: table[edge] * scale for edge, scale in scales.items()})
