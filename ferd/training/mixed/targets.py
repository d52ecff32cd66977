"""Training targets between FER2013's labels and FER+'s votes."""

import numpy as np

from ferd.training.recipes.data import recipe_targets


def mixed_targets(faces, settings, path="data/ferplus.csv"):
    """The weighted mean of both kinds of targets.

    Args:
        faces: `ferd.dataset.parts.faces.Faces` to train on.
        settings: Dict of `label_share`, the weight of the labels (at 1 no votes are read), and
            `label_smoothing`.
        path: FER+'s votes.

    Returns:
        float32, shape `(faces, 7)`, rows summing to 1. A face without votes has its label alone.
    """
    labels = recipe_targets(faces, settings | {"targets": "labels"}, path)
    share = np.float32(settings["label_share"])
    if share == 1:
        return labels
    votes = recipe_targets(faces, settings | {"targets": "ferplus"}, path)
    return share * labels + (1 - share) * votes
