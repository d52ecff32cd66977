"""Splits off a validation fold: stratified, with the copies of an image on one side."""

import hashlib
import warnings
from itertools import islice

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces


def validation_rows(faces, settings, path="data/split_groups.csv"):
    """Marks the validation faces: those whose image `validation_names` chose.

    Args:
        faces: `Faces` of the train split, cropped or whole, all or some.
        settings: Dict of `validation_fraction`, `validation_fold` and `validation_groups` (exact:
            identical images are on one side; near: near and shifted copies too).
        path: The groups of near and shifted copies, from the stage split_groups.

    Returns:
        bool, shape `(faces,)`.

    Raises:
        SystemExit: As `validation_names`, or if `path` lacks one of the images.
    """
    everyone = load_faces("train", view="whole")
    if settings["validation_groups"] == "exact":
        groups = pixel_groups(everyone.images)
    else:
        groups = read_groups(everyone.names, path)
    names = validation_names(
        everyone, groups, settings["validation_fraction"], settings["validation_fold"]
    )
    return np.isin(faces.names, names)


def validation_names(faces, groups, fraction, fold=0):
    """Chooses the validation images among the train images.

    Give it every whole image of train, detected or not: then networks on crops and on whole images
    are validated on the same images.

    Args:
        faces: `Faces` of the train split, whole.
        groups: Integers, shape `(faces,)`; images of one group stay on one side.
        fraction: Share to set aside, 0.02 to 0.5; rounded to one over a whole number of folds.
        fold: Which of the folds is set aside, from 0.

    Returns:
        Names of the validation images. Stratified by class and by whether a face was found.

    Raises:
        SystemExit: For a class with too few images for both sides, or if there is no such fold.
    """
    folds = round(1 / fraction)
    if fold >= folds:
        raise SystemExit(
            f"validation_fold {fold}: validation_fraction {fraction} has folds 0 to {folds - 1}"
        )
    _refuse_small_classes(faces.classes, groups, folds, fraction)
    strata = faces.classes * 2 + faces.found
    # Not shuffled: scikit-learn 1.4.2's own shuffle=True makes this splitter ignore the strata
    # (its issue 32478). Unshuffled it assigns by group, so an order of the rows changes nothing.
    splitter = StratifiedGroupKFold(folds)
    with warnings.catch_warnings():
        # A stratum smaller than the folds (undetected faces of a rare class) is spread as
        # far as it goes; scikit-learn warns, and nothing is wrong.
        warnings.simplefilter("ignore", UserWarning)
        _, rows = next(islice(splitter.split(strata, strata, groups), fold, None))
    return faces.names[rows]


def _refuse_small_classes(classes, groups, folds, fraction):
    for label in np.unique(classes):
        pictures = len(np.unique(groups[classes == label]))
        if pictures < folds:
            raise SystemExit(
                f"validation_fraction {fraction} needs {folds} different images of every class in "
                f"train; {CLASSES[label]} has {pictures}: raise the fraction or add images"
            )


def read_groups(names, path="data/split_groups.csv"):
    """Reads the groups of exact, near and shifted copies.

    Args:
        names: Strings `<split>/<class>/<file stem>`, shape `(images,)`.
        path: Table with the columns `name` and `group`.

    Returns:
        Integers, shape `(images,)`.

    Raises:
        SystemExit: If the table lacks one of the images, so that it is of other data.
    """
    groups = pd.read_csv(path, dtype={"name": str}).set_index("name")["group"].reindex(names)
    if groups.isna().any():
        raise SystemExit(f"{path} is of other images than these: run dvc repro split_groups")
    return groups.to_numpy(int)


def pixel_groups(images):
    """Numbers the images so that identical images have the same number.

    Args:
        images: uint8, shape `(images, ...)`.

    Returns:
        Integers, shape `(images,)`, counted from 0 in order of first appearance.
    """
    numbers = {}
    digests = (hashlib.sha256(np.ascontiguousarray(image)).digest() for image in images)
    return np.array([numbers.setdefault(digest, len(numbers)) for digest in digests])
