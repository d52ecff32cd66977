"""Selects the training, validation and test faces of a recipe, and their targets."""

from typing import NamedTuple

import numpy as np

from ferd.classes import CLASSES
from ferd.dataset.parts.copy_groups import has_copy
from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.official_split import official_parts, row_numbers
from ferd.dataset.parts.split import validation_rows
from ferd.training.recipes.train_recipe import smooth_targets

PARTS = ("train", "validation", "test")


class RecipeFaces(NamedTuple):
    """Three sets of `Faces` that share no image file."""

    train: Faces
    validation: Faces
    test: Faces


def recipe_faces(settings):
    """Reads the training, validation and test faces of a recipe's split.

    Args:
        settings: Dict of `split` (paper: by folder, with a part of train for validation; official:
            FER2013's Training, PublicTest and PrivateTest), `input_form` (as in
            `load_faces_in`), and for the paper's split `seed` and `validation_fraction`; it may
            have `exclude_test_copies`, which leaves copies of test images out of `train`.

    Returns:
        `RecipeFaces`.

    Raises:
        SystemExit: As `official_parts` and `load_faces`.
    """
    form = settings["input_form"]
    train, test = load_faces_in("train", form), load_faces_in("test", form)
    if settings["split"] == "paper":
        validating = validation_rows(train, settings)
        faces = RecipeFaces(train.take(~validating), train.take(validating), test)
    else:
        everyone = join(train, test)
        parts = official_parts(everyone.names)
        faces = RecipeFaces(*(everyone.take(parts[part]) for part in PARTS))
    if form == "whole_detected":
        faces = scored_on_detected(faces)
    if not settings.get("exclude_test_copies", False):
        return faces
    copies = has_copy(faces.train, faces.test)
    print(f"left out {copies.sum()} train images with a copy in the test set", flush=True)
    return faces._replace(train=faces.train.take(~copies))


def load_faces_in(split, input_form):
    """Reads one split in an input form.

    Args:
        split: "train" or "test".
        input_form: "crops" (the detected faces, cropped), "whole" (every whole image) or
            "whole_detected" (the same; `recipe_faces` then validates and tests on the detected
            faces only).

    Returns:
        `Faces`.

    Raises:
        SystemExit: As `load_faces`.
    """
    return load_faces(split, input_form.removesuffix("_detected"))


def scored_on_detected(faces):
    """`RecipeFaces` with all images for training, and the detected ones for validation and test."""
    return RecipeFaces(faces.train, *(part.take(part.found) for part in faces[1:]))


def join(first, second):
    """Two sets of `Faces` as one, in order."""
    pairs = zip(vars(first).values(), vars(second).values(), strict=True)
    return Faces(*(np.concatenate(pair) for pair in pairs))


def recipe_targets(faces, settings, path="data/ferplus.csv"):
    """The training targets of each face.

    Args:
        faces: `Faces` to train on.
        settings: Dict of `targets` (labels: the class; ferplus: the share of FER+'s ten annotators
            who chose each of the seven classes, and the label if none did) and `label_smoothing`.
        path: FER+'s votes.

    Returns:
        float32, shape `(faces, 7)`, rows summing to 1.
    """
    smooth = smooth_targets(faces.classes, settings["label_smoothing"])
    if settings["targets"] == "labels":
        return smooth
    from ferd.dataset.parts.votes import read_votes

    votes = read_votes(path).loc[row_numbers(faces.names), list(CLASSES)].to_numpy("float32")
    total = votes.sum(axis=1, keepdims=True)
    share = votes / np.maximum(total, 1)
    spread = settings["label_smoothing"]
    voted = share * (1 - spread) + np.float32(spread / len(CLASSES))
    return np.where(total > 0, voted, smooth).astype("float32")
