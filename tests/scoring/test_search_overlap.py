"""ferd.scoring.search_overlap: scores on test faces that recipes were chosen with, and others."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.report.tables.overlap_table import overlap_section
from ferd.scoring.search_overlap import search_overlap

# Three test images of FER2013's Training, one of PublicTest, one of PrivateTest.
NAMES = ["test/happy/0", "test/happy/5", "test/happy/28708", "test/happy/28709", "test/happy/35886"]
AUDIT = pd.DataFrame(index=NAMES)
GROUPS = pd.Series(range(5), index=NAMES)
DETECTED = set(NAMES[1:])


def table(right):
    given = np.where(np.array(right, bool), "happy", "sad")
    found = pd.DataFrame({"name": NAMES, "actual": "happy", "predicted": given})
    for name in CLASSES:
        found[f"p_{name}"] = np.where(given == name, 0.7, 0.05)
    return found[found["name"].isin(DETECTED)]


def overlap():
    cnn, improved = table([0, 0, 0, 1, 1]), {1: table([0, 1, 0, 1, 1]), 2: table([0, 1, 1, 0, 1])}
    return search_overlap(AUDIT, DETECTED, cnn, improved, GROUPS, 100, 0)


def test_images_of_training_are_counted_and_scored_apart():
    found = overlap()
    assert (found["test_images"], found["in_training"]) == (5, 3)
    assert found["seen"]["cnn"]["seeds"]["first"]["faces"] == 2
    assert found["seen"]["cnn"]["seeds"]["first"]["accuracy"] == 0
    assert found["unseen"]["cnn"]["seeds"]["first"]["accuracy"] == 1
    assert found["seen"]["improved"]["spread"]["mean"] == 0.75
    assert found["unseen"]["tests"]["improved - cnn"]["difference"] == 0


def test_the_table_has_a_row_for_each_of_both():
    title, text, found = overlap_section(overlap())
    assert title.startswith("## ") and "3 of the 5 test images" in text
    rows = found.splitlines()[2:]
    assert rows[0].startswith("| in FER2013's Training (2) | 0.0 (") and "| 75.0 |" in rows[0]
    assert rows[1].startswith("| not in Training (2) | 100.0 (")


def test_a_study_that_chose_recipes_otherwise_has_no_table():
    assert overlap_section(None) == []
