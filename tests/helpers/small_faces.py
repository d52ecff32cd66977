"""Small random faces, as the crop stage leaves them, where a test needs no expression in them."""

from pathlib import Path

import numpy as np

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import Faces


def make_faces(counts=(4,) * 7, seed=0, size=8, split="train", found_share=0.75):
    """Faces of random pixels, `counts` by class, in a shuffled order."""
    generator = np.random.default_rng(seed)
    classes = generator.permutation(np.repeat(np.arange(len(counts)), counts))
    images = generator.integers(0, 256, (len(classes), size, size), dtype=np.uint8)
    names = np.array([f"{split}/{CLASSES[c]}/{row}" for row, c in enumerate(classes)])
    return Faces(images, classes, names, generator.random(len(classes)) < found_share)


def write_crops(path="data/crops.npz", splits=None):
    """Writes the arrays of stages/crop.py.

    Args:
        path: File to write.
        splits: Dict of split to its whole `Faces`; by default small ones of both.

    Returns:
        Dict of the file's arrays. A cut image is its whole one in negative, black if not found.
    """
    splits = splits or {name: make_faces(seed=seed, split=name) for seed, name in SEEDED_SPLITS}
    parts = list(splits.values())
    whole = np.concatenate([faces.images for faces in parts])
    found = np.concatenate([faces.found for faces in parts])
    arrays = {
        "whole": whole,
        "crops": np.where(found[:, None, None], 255 - whole, 0).astype("uint8"),
        "found": found,
        "classes": np.concatenate([faces.classes for faces in parts]),
        "splits": np.repeat(list(splits), [len(faces) for faces in parts]),
        "names": np.concatenate([faces.names for faces in parts]),
    }
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return arrays


SEEDED_SPLITS = ((1, "test"), (2, "train"))
