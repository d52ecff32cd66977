"""Adjusts probabilities to a data set whose class shares are known (prior probability shift).

Reference:
    - [Adjusting the Outputs of a Classifier to New a Priori
      Probabilities](https://doi.org/10.1162/089976602753284446), Saerens, Latinne and Decaestecker,
      2002
"""

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ferd.classes import CLASSES
from ferd.imaging.label_names import NAMES

if TYPE_CHECKING:  # `ferd --help` needs no numpy, and it reads this module
    import numpy as np
    from numpy.typing import NDArray

UNIFORM = "uniform"
LABELS = "labels"  # of `ferd evaluate`: the shares of a folder's own labels
TINY = 1e-12  # what a probability of 0 counts as, where all other classes are excluded
NO_PRIOR = (
    "has no key 'prior' (the network's mean calibrated probability of each class on its validation "
    "faces), without which probabilities cannot be adjusted to a prior"
)

Prior = str | Mapping[str, float]


def read_prior(prior: Prior) -> dict[str, float]:
    """Reads the class shares of a data set.

    Args:
        prior: "uniform", or a share or count of every class: a dict, or a text such as
            "happy=3,sad=1,...". Names that folders of labelled faces have, such as "happiness",
            are read, too.

    Returns:
        Dict of class to share, in the order of `CLASSES`; the shares sum to 1.

    Raises:
        ValueError: If a class is missing, unknown or given twice, or a value is negative or no
            number, or all are 0.
    """
    if prior == UNIFORM:
        return {name: 1 / len(CLASSES) for name in CLASSES}
    pairs = _pairs(prior) if isinstance(prior, str) else prior.items()
    counts = _counts(pairs)
    if missing := [name for name in CLASSES if name not in counts]:
        raise ValueError(f"{', '.join(missing)}: no share given; all seven classes need one")
    total = sum(counts.values())
    if not 0 < total < math.inf:
        raise ValueError(f"the shares sum to {total:g}; the sum must be above 0 and finite")
    return {name: counts[name] / total for name in CLASSES}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for word in text.split(","):
        name, sign, value = word.partition("=")
        if not sign:
            raise ValueError(f"{word!r} is neither {UNIFORM} nor a class and its share (happy=0.3)")
        yield name, value


def _counts(pairs: Iterable[tuple[Any, Any]]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for name, value in pairs:
        label = NAMES.get(str(name).strip().lower())
        if label is None:
            raise ValueError(f"{name!r} is none of the classes {', '.join(CLASSES)}")
        if label in counts:
            raise ValueError(f"{label} is given twice")
        counts[label] = _count(label, value)
    return counts


def _count(label: str, value: Any) -> float:
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if 0 <= (count := float(value)) < math.inf:
            return count
    raise ValueError(f"the share of {label} is {value!r}; it must be a number of 0 or more")


def adjust(
    probabilities: "NDArray[np.float32]",
    own: Mapping[str, float],
    target: Mapping[str, float],
    classes: Iterable[str] = CLASSES,
) -> "NDArray[np.float32]":
    """Multiplies each class by its target share divided by the network's own, and renormalizes.

    Only the class shares may differ: faces of one class must look alike in both data sets.

    Args:
        probabilities: float32, shape `(faces, classes)`, calibrated.
        own: The network's own prior, class to share, above 0.
        target: The class shares of the data set.
        classes: The classes in the order of the columns.

    Returns:
        float32, the same shape; rows sum to 1. A class with a target share of 0 has probability 0.

    Reference:
        Saerens, Latinne and Decaestecker, 2002, equation 2.4
    """
    ratios = [target[name] / own[name] for name in classes]
    weighed: Any = probabilities.clip(TINY) * ratios  # float64
    adjusted: NDArray[np.float32] = (weighed / weighed.sum(axis=1, keepdims=True)).astype("float32")
    return adjusted
