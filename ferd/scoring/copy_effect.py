"""Measures how much copies of test images in the training images raise a network's score.

Reference:
    - [Do CIFAR-10 classifiers generalize to CIFAR-10? On near duplicates: Do we train on test data?
      Purging CIFAR of near-duplicates](https://arxiv.org/abs/1902.00423), Barz and Denzler, 2020
"""

import numpy as np

from ferd.dataset.parts.official_split import official_parts
from ferd.scoring.tables import compare_models, score_table, whole_parts


def parts_by_copy(shown, split, groups):
    """Splits the test images into those with and those without a copy in the training images.

    Args:
        shown: Series of the test images' names.
        split: "official" (Training trains) or "paper" (the folder train does).
        groups: Series of every image's name to the number of its group of copies.

    Returns:
        Dict of `all`, `without_copy` and `with_copy` to a set of names.

    Raises:
        SystemExit: As `ferd.dataset.parts.official_split.official_parts`.
    """
    everyone = groups.index.to_numpy("U")
    training = np.char.startswith(everyone, "train/")
    if split == "official":
        training = official_parts(everyone)["train"]
    copied = np.isin(groups.loc[shown], groups.to_numpy()[training])
    found = {"without_copy": ~copied, "with_copy": copied}
    return {"all": set(shown), **{part: set(shown[rows]) for part, rows in found.items()}}


def copy_effect(tables, parts, groups, draws, seed):
    """Scores a network and one trained without copies, on test images with and without a copy.

    Args:
        tables: Dict of two models to DataFrame of `ferd.study.base.results.prediction_table`, of
            the same images: trained on all, and without copies of test images.
        parts: As from `parts_by_copy`.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of model to dict of part to `ferd.scoring.evaluation.score_part`; `tests`, by part, of
        the first model minus the second (`ferd.scoring.tables.compare_models`). A part without
        images is left out.
    """
    found = {
        name: {
            part: score_table(table[rows], groups, draws, seed)
            for part, rows in whole_parts(table["name"], parts)
        }
        for name, table in tables.items()
    }
    return {**found, "tests": compare_models(tables, [tuple(tables)], parts, groups, draws, seed)}
