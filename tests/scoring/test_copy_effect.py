"""ferd.scoring.copy_effect: copies of test images in training, counted and scored."""

import numpy as np
import pandas as pd
import pytest

from ferd.scoring.copy_effect import copy_effect, parts_by_copy

# Rows of FER2013: 0 to 28708 are Training, from 32298 on PrivateTest; the folders differ.
GROUPS = pd.Series(
    {
        "test/happy/7": 1,
        "train/happy/8": 2,
        "train/happy/32297": 3,
        "train/happy/33000": 1,
        "test/sad/33001": 3,
        "test/sad/33002": 4,
    }
)


def test_a_copy_counts_whatever_its_folder_where_the_official_split_trains_on_it():
    shown = GROUPS.index[3:].to_series()
    parts = parts_by_copy(shown, "official", GROUPS)
    assert parts["with_copy"] == {"train/happy/33000"}
    assert parts["without_copy"] == {"test/sad/33001", "test/sad/33002"}
    assert parts["all"] == set(shown)


def test_under_the_papers_split_the_folder_train_is_what_trains():
    shown = GROUPS.index[GROUPS.index.str.startswith("test/")].to_series()
    parts = parts_by_copy(shown, "paper", GROUPS)
    assert parts["with_copy"] == {"test/happy/7", "test/sad/33001"}


def table(right):
    given = np.where(right, "happy", "sad")
    names = [f"test/happy/{number}" for number in range(len(right))]
    return pd.DataFrame({"name": names, "actual": "happy", "predicted": given})


@pytest.fixture
def pair():
    """Of 40 images the last 8 have a copy, which one model has memorized."""
    right = np.arange(40) < 16
    return {"all": table(right | (np.arange(40) >= 32)), "none": table(right)}


def test_what_is_known_by_heart_shows_on_images_with_a_copy_alone(pair):
    names = pair["all"]["name"]
    groups = pd.Series(range(40), index=names)
    parts = {"all": set(names), "without_copy": set(names[:32]), "with_copy": set(names[32:])}
    found = copy_effect(pair, parts, groups, 200, 0)
    assert found["all"]["without_copy"] == found["none"]["without_copy"]
    assert found["all"]["with_copy"]["accuracy"] == 1 and found["none"]["with_copy"]["faces"] == 8
    assert found["tests"]["without_copy"]["all - none"]["difference"] == 0
    test = found["tests"]["with_copy"]["all - none"]
    assert test["difference"] == 1 and test["p"] == pytest.approx(2 * 0.5**8)


def test_a_part_without_images_is_left_out(pair):
    names = pair["all"]["name"]
    groups = pd.Series(range(40), index=names)
    parts = {"all": set(names), "without_copy": set(names), "with_copy": set()}
    found = copy_effect(pair, parts, groups, 200, 0)
    assert set(found["tests"]) == set(found["none"]) == {"all", "without_copy"}
