"""Groups the images that must stay on one side of a split: exact, near and shifted copies."""

import numpy as np
import pandas as pd

from ferd.dataset.copies.copies import number_groups, similar_pairs
from ferd.dataset.copies.shifted_copies import moved_pairs
from ferd.dataset.parts.split import pixel_groups


def split_groups(images, threshold):
    """Numbers images so that exact, near and shifted copies have the same number.

    Args:
        images: uint8, shape `(images, side, side)`, whole.
        threshold: Least correlation of a near or shifted copy.

    Returns:
        Integers, shape `(images,)`, counted from 0 in order of first appearance. An image and the
        copy of its copy are in one group.
    """
    pairs = [similar_pairs(images, threshold), moved_pairs(images, threshold)]
    # Identical blank images are copies too, but have no correlation.
    numbers = pixel_groups(images)
    first = np.unique(numbers, return_index=True)[1]
    same = pd.DataFrame({"first": first[numbers], "second": np.arange(len(images))})
    return number_groups(len(images), pd.concat([*pairs, same])[["first", "second"]])
