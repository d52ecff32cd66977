"""FER2013's official split, by the images' row numbers: Training, PublicTest, PrivateTest."""

import numpy as np

# First row of each part, and one past the last.
TRAINING, PUBLIC_TEST, PRIVATE_TEST = (0, 28709), (28709, 32298), (32298, 35887)


def row_numbers(names):
    """Row of each image in FER2013, from its name.

    Args:
        names: Strings `<split>/<class>/<file stem>`, shape `(images,)`.

    Returns:
        Integers, shape `(images,)`.

    Raises:
        SystemExit: If an image's name is no row number, so that its part is unknown.
    """
    stems = [name.rsplit("/", 1)[1] for name in names]
    strange = [stem for stem in stems if not stem.isdigit() or int(stem) >= PRIVATE_TEST[1]]
    if strange:
        raise SystemExit(
            "split: official needs images named by their row in FER2013 (0 to 35886); "
            f"'{strange[0]}' is not: use split: paper"
        )
    return np.array([int(stem) for stem in stems])


def official_parts(names):
    """Masks of the three parts.

    Args:
        names: As in `row_numbers`.

    Returns:
        Dict of "train", "validation" (PublicTest) and "test" (PrivateTest) to bool,
        shape `(images,)`.

    Raises:
        SystemExit: As `row_numbers`.
    """
    rows = row_numbers(names)
    bounds = {"train": TRAINING, "validation": PUBLIC_TEST, "test": PRIVATE_TEST}
    return {part: (low <= rows) & (rows < high) for part, (low, high) in bounds.items()}
