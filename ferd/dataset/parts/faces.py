"""Reads data/crops.npz: all images of the study as arrays, cropped and whole, with their names."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Faces:
    """Images of one split, in the file's order.

    Attributes:
        images: uint8, shape `(faces, size, size)`.
        classes: Integer class indices in `CLASSES`' order, shape `(faces,)`.
        names: Strings `<split>/<class>/<file stem>`, shape `(faces,)`.
        found: Whether dlib found a face, shape `(faces,)`.
    """

    images: np.ndarray
    classes: np.ndarray
    names: np.ndarray
    found: np.ndarray

    def __len__(self):
        return len(self.classes)

    def take(self, rows):
        """The faces at `rows` (indices or a mask)."""
        return Faces(self.images[rows], self.classes[rows], self.names[rows], self.found[rows])


def load_faces(split, view="crops", path="data/crops.npz"):
    """Reads one split.

    Args:
        split: "train" or "test".
        view: Input form: "crops" for the detected faces, cropped; "whole" for every whole image.
        path: The file that the stage crop writes.

    Returns:
        `Faces`.

    Raises:
        SystemExit: If the split holds no such face at all.
    """
    with np.load(path) as file:
        rows = file["splits"] == split
        faces = Faces(
            file[view][rows], file["classes"][rows], file["names"][rows], file["found"][rows]
        )
    if view == "crops":
        faces = faces.take(faces.found)
    if len(faces) == 0:
        raise SystemExit(
            f"{path}: no face in the {split} split; "
            "check data/crops.csv and crop.levels in params.yaml"
        )
    return faces
