"""Finds each test image's highest correlation with a train image, as near and as shifted copy.

The audit marks copies at audit.near_correlation; with these correlations other thresholds can be
tried. The counts differ a little from the audit's. The audit also marks the near copy of a near
copy, and it looks for shifted copies at half the side first, which misses a few.

Reads   data/crops.npz
Writes  data/copy_correlations.csv (a row per test image: `name`, `near`: the highest correlation of
        its gray levels with those of a train image, 1 if both are identical; `shifted`: the same
        where one of them may be shifted or mirrored, from ferd/dataset/copies/shifted_copies.py)
Run     dvc repro copy_correlations
        (or, from the top folder: python -m stages.copy_correlations)
Takes   about 3 minutes on 2 cores: every test image, shifted and mirrored, is compared with every
        train image
Expect  medians of 0.7 (near) and 0.8 (shifted); hundreds near 1
"""

from ferd.study import stage


def main():
    import pandas as pd

    from ferd.dataset.parts.faces import load_faces
    from ferd.study.base.results import write_table

    test, train = (load_faces(split, view="whole") for split in ("test", "train"))
    found = copy_correlations(test.images, train.images)
    write_table("data/copy_correlations.csv", pd.DataFrame({"name": test.names, **found}))


def copy_correlations(queries, references):
    """The highest correlation of every query with a reference.

    Args:
        queries, references: uint8, shape `(images, side, side)`.

    Returns:
        Dict of `near` and `shifted`, each of shape `(queries,)`. A blank image has no correlation
        and gets 0, but `near` is 1 if it has an exact copy.
    """
    import numpy as np

    from ferd.dataset.copies.copies import nearest
    from ferd.dataset.copies.shifted_copies import nearest_moved
    from ferd.dataset.parts.split import pixel_groups

    numbers = pixel_groups(np.concatenate([queries, references]))
    exact = np.isin(numbers[: len(queries)], numbers[len(queries) :])
    near = np.where(exact, 1, nearest(queries, references)[1])
    # At this threshold every query is compared at full size. A few shifted copies correlate
    # too little at half the side to be found by a higher one.
    shifted = nearest_moved(queries, references, threshold=-1).correlation
    # Rounding can make a correlation slightly larger than 1.
    return {"near": np.minimum(near, 1), "shifted": np.minimum(shifted, 1)}


if __name__ == "__main__":
    stage.run(main, __doc__)
