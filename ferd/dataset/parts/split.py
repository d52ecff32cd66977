"""Splits off the validation faces: stratified, seeded, with identical images on one side."""

import hashlib
import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces


def validation_rows(faces, settings):
    """Marks the validation faces: those whose image `validation_names` chose.

    Args:
        faces: `Faces` of the train split, cropped or whole, all or some.
        settings: The `train` section of params.yaml.

    Returns:
        bool, shape `(faces,)`.

    Raises:
        SystemExit: As `validation_names`.
    """
    everyone = load_faces("train", view="whole")
    names = validation_names(everyone, settings["validation_fraction"], settings["seed"])
    return np.isin(faces.names, names)


def validation_names(faces, fraction, seed):
    """Chooses the validation images among the train images.

    Give it every whole image of train, detected or not: then networks on crops and on whole images
    are validated on the same images, and identical images are on the same side in both.

    Args:
        faces: `Faces` of the train split, whole.
        fraction: Share to set aside, 0.02 to 0.5; rounded to one over a whole number.
        seed: Seeds the choice.

    Returns:
        Names of the validation images. Stratified by class and by whether a face was found.

    Raises:
        SystemExit: For a class with too few images for both sides.
    """
    folds, groups = round(1 / fraction), pixel_groups(faces.images)
    _refuse_small_classes(faces.classes, groups, folds, fraction)
    strata = faces.classes * 2 + faces.found
    # Shuffled by hand: scikit-learn 1.4.2's own shuffle=True makes this splitter ignore the strata
    # (its issue 32478).
    order = np.random.default_rng(seed).permutation(len(faces))
    splitter = StratifiedGroupKFold(folds)
    with warnings.catch_warnings():
        # A stratum smaller than the folds (undetected faces of a rare class) is spread as
        # far as it goes; scikit-learn warns, and nothing is wrong.
        warnings.simplefilter("ignore", UserWarning)
        _, rows = next(splitter.split(order, strata[order], groups=groups[order]))
    return faces.names[order[rows]]


def _refuse_small_classes(classes, groups, folds, fraction):
    for label in np.unique(classes):
        pictures = len(np.unique(groups[classes == label]))
        if pictures < folds:
            raise SystemExit(
                f"validation_fraction {fraction} needs {folds} different images of every class in "
                f"train; {CLASSES[label]} has {pictures}: raise the fraction or add images"
            )


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
