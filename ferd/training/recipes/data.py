"""Selects the training, validation and test faces of a recipe, and their targets."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.dataset.parts.copy_free import training_faces
from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.official_split import official_parts, row_numbers
from ferd.dataset.parts.split import validation_rows
from ferd.training.recipes.train_recipe import smooth_targets


class RecipeFaces(NamedTuple):
    """Three sets of `Faces` that share no image file."""

    train: Faces
    validation: Faces
    test: Faces


def recipe_faces(settings):
    """Reads the training, validation and test faces of a recipe's split.

    Args:
        settings: Dict of `split` (paper: by folder, with a part of train for validation; official:
            FER2013's Training, PublicTest and PrivateTest), `view` (input form, as in `load_view`),
            `exclude_test_copies`, and for the paper's split `seed` and
            `validation_fraction`.

    Returns:
        `RecipeFaces`.

    Raises:
        SystemExit: As `official_parts` and `load_faces`.
    """
    train, test = load_view("train", settings["view"]), load_view("test", settings["view"])
    if settings["split"] == "paper":
        train = training_faces(train, settings)
        validating = validation_rows(train, settings)
        parts = RecipeFaces(train.take(~validating), train.take(validating), test)
        return scored_on_detected(parts) if settings["view"] == "whole_detected" else parts
    everyone = join(train, test)
    parts = official_parts(everyone.names)
    faces = RecipeFaces(*(everyone.take(parts[part]) for part in ("train", "validation", "test")))
    if settings["view"] == "whole_detected":
        faces = scored_on_detected(faces)
    if not settings["exclude_test_copies"]:
        return faces
    copies = has_copy(faces.train, faces.test)
    print(f"left out {copies.sum()} train images with a copy in the test set", flush=True)
    return faces._replace(train=faces.train.take(~copies))


def load_view(split, view):
    """Reads one split in one or both input forms.

    Args:
        split: "train" or "test".
        view: Input form: "crops" (the detected faces, cropped), "whole" (every whole image),
            "whole_detected" (the same; `recipe_faces` then validates and tests on the detected
            faces only), "both" (every image, whole and cropped; twice whole if no face was found)
            or "both_detected".

    Returns:
        `Faces`; with both forms the images have the shape `(faces, 2, size, size)`, whole first.

    Raises:
        SystemExit: As `load_faces`.
    """
    if view in ("crops", "whole", "whole_detected"):
        return load_faces(split, view.removesuffix("_detected"))
    whole, cut = load_faces(split, "whole"), load_faces(split, "crops")
    second = whole.images.copy()
    second[whole.found] = cut.images
    faces = replace(whole, images=np.stack([whole.images, second], axis=1))
    return faces.take(faces.found) if view == "both_detected" else faces


def scored_on_detected(faces):
    """`RecipeFaces` with all images for training, and the detected ones for validation and test."""
    return RecipeFaces(faces.train, *(part.take(part.found) for part in faces[1:]))


def has_copy(faces, others, path="data/audit.csv"):
    """Marks faces with an exact or near copy among others, in any folder.

    Args:
        faces, others: `Faces`.
        path: The audit's table; images of one `scene` are copies or near copies.

    Returns:
        bool, shape `(faces,)`.
    """
    scene = copy_groups(path)
    return np.isin(scene.loc[faces.names], scene.loc[others.names])


def copy_groups(path="data/audit.csv"):
    """Series of image name to the number of its group of copies and near copies."""
    table = pd.read_csv(path, usecols=["split", "class", "name", "copy_group"], dtype={"name": str})
    names = table["split"] + "/" + table["class"] + "/" + table["name"]
    return pd.Series(table["copy_group"].to_numpy(), index=names)


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
