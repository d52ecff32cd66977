"""Invented predictions for FER+'s own benchmark, and what its stages read."""

import numpy as np
import pandas as pd

from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES

COLUMNS = [f"p_{name}" for name in FERPLUS_CLASSES]
FIRST = 32298  # the first image of PrivateTest


def predictions(count=60, seed=0, share_right=0.7):
    """Predictions of images of PrivateTest, some of them wrong; the labels are the same always."""
    generator = np.random.default_rng(seed)
    actual = np.arange(count) % 7  # no contempt
    predicted = np.where(
        generator.random(count) < share_right, actual, generator.integers(0, 8, count)
    )
    names = np.array(FERPLUS_CLASSES)
    table = pd.DataFrame({"name": [f"test/sad/{FIRST + number}" for number in range(count)]})
    table["actual"], table["predicted"] = names[actual], names[predicted]
    for index, column in enumerate(COLUMNS):
        table[column] = np.where(predicted == index, 0.65, 0.05)
    return table


def groups(count=60, copied=20):
    """Groups of copies: the first `copied` test images have a copy in Training."""
    names = [f"test/sad/{FIRST + number}" for number in range(count)]
    training = [f"train/sad/{number}" for number in range(copied)]
    return pd.Series([*range(count), *range(copied)], index=[*names, *training])


def write_audit_of(found):
    """Writes data/audit.csv of images with these groups of copies."""
    rows = [name.split("/") for name in found.index]
    audit = pd.DataFrame(rows, columns=["split", "class", "name"])
    audit.assign(copy_group=found.to_numpy()).to_csv("data/audit.csv", index=False)
