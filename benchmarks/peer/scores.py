"""Scores the packages' predictions."""

import numpy as np
from peer.candidates import OURS, study_class

from ferd.scoring.uncertainty import accuracy_interval

DRAWS, SEED = 2000, 0  # of the bootstrap


def score(variant, answers, images):
    """All accuracies of a variant, as fractions of 1.

    Args:
        variant: Its name. Ours gets no score on all of PrivateTest, which has training images of
            it.
        answers: The result of benchmarks/peer/worker.py: `crops`, a label per image, and `photos`,
            by side, `[label, error]` of each unseen image.
        images: `peer.images.Images`.

    Returns:
        Dict of numbers: `crops_private_test`, of all images; `crops`, of the unseen, with its 95%
        interval; `crops_found`, of those in which dlib finds a face (for ours, the score on its
        own crops of them is `photo_48_of_found`). A photo's keys begin with `photo_<side>_`.
    """
    right = are_right(answers["crops"], images.classes)
    unseen = images.unseen
    low, high = accuracy_interval(right[unseen], images.groups[unseen], DRAWS, SEED)
    scores = {} if variant == OURS else {"crops_private_test": float(right.mean())}
    scores |= {"crops": float(right[unseen].mean()), "crops_low": low, "crops_high": high}
    scores["crops_found"] = float(right[unseen & images.found].mean())
    for side, said in answers["photos"].items():
        one = score_photos(said, images.classes[unseen], images.groups[unseen])
        scores |= {f"photo_{side}_{key}": value for key, value in one.items()}
    return scores


def score_photos(said, classes, groups):
    """Scores the predictions for photos.

    Args:
        said: List of `[label, error]`; label None if no face was found or it failed.
        classes: The right classes, strings, shape `(photos,)`.
        groups: As in `peer.images.Images`.

    Returns:
        Dict of `found` and `failed` (shares of all), `of_found` (accuracy on the found; None if
        none was) and `of_all` (a photo without a face counts as wrong) with its 95% interval.
    """
    found = np.array([label is not None for label, _ in said])
    right = are_right([label for label, _ in said], classes)
    low, high = accuracy_interval(right, groups, DRAWS, SEED)
    return {
        "found": float(found.mean()),
        "failed": float(np.mean([error is not None for _, error in said])),
        "of_found": float(right[found].mean()) if found.any() else None,
        "of_all": float(right.mean()),
        "of_all_low": low,
        "of_all_high": high,
    }


def are_right(labels, classes):
    """Marks right labels; None is wrong.

    Raises:
        ValueError: For a label that `study_class` does not know, or another number of labels.
    """
    meant = [label and study_class(label) for label in labels]
    return np.array([one == other for one, other in zip(meant, classes, strict=True)], bool)
