"""Sets a validation part of train aside: stratified, seeded, identical images on one side."""

import hashlib
import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold


def validation_names(faces, fraction, seed):
    """Chooses which images of train validate.

    Give it every whole image of train, found or not: then cropped and uncropped networks are
    validated on the same people, and a whole image's twin shares its side in both.

    Args:
        faces: `Faces` of the train split, whole.
        fraction: Share to set aside, 0.02 to 0.5; rounded to one in a whole number.
        seed: Seeds the choice.

    Returns:
        Names of the validation images. Stratified by class and by whether a face was found.

    Raises:
        SystemExit: For a class with too few images to stand on both sides.
    """
    folds = round(1 / fraction)
    counts = np.bincount(faces.classes)
    if counts[counts > 0].min() < folds:
        raise SystemExit(
            f"validation_fraction {fraction} needs {folds} images of every class in train; "
            f"the smallest class has {counts[counts > 0].min()}: raise the fraction or add images"
        )
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    strata = faces.classes * 2 + faces.found
    with warnings.catch_warnings():
        # A stratum smaller than the folds (the few undetected faces of a rare class) is spread as
        # far as it goes; scikit-learn warns, and nothing is wrong.
        warnings.simplefilter("ignore", UserWarning)
        _, rows = next(splitter.split(strata, strata, groups=pixel_groups(faces.images)))
    return faces.names[rows]


def pixel_groups(images):
    """Numbers the images so that two have the same number just where all their pixels agree.

    Args:
        images: uint8, shape `(images, ...)`.

    Returns:
        Integers, shape `(images,)`, counted from 0 in order of first appearance.
    """
    numbers = {}
    digests = (hashlib.sha256(np.ascontiguousarray(image)).digest() for image in images)
    return np.array([numbers.setdefault(digest, len(numbers)) for digest in digests])
