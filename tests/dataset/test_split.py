"""ferd.dataset.parts.split: a validation fold is stratified, and copies are on one side."""

import numpy as np
import pandas as pd
import pytest

from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.split import (
    pixel_groups,
    read_groups,
    validation_names,
    validation_rows,
)
from tests.helpers.small_faces import make_faces, write_crops

COUNTS = (40, 12, 37, 80, 50, 49, 32)


@pytest.fixture
def faces():
    return make_faces(COUNTS)


def chosen(faces, fraction=0.1, fold=0):
    return validation_names(faces, pixel_groups(faces.images), fraction, fold)


def validating(faces, fraction=0.1, fold=0):
    return np.isin(faces.names, chosen(faces, fraction, fold))


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5])
def test_every_class_is_split_in_the_fraction_within_rounding(faces, fraction):
    rows = validating(faces, fraction)
    for index, count in enumerate(COUNTS):
        assert abs(rows[faces.classes == index].sum() - fraction * count) <= 1


def test_found_and_not_found_images_are_split_in_the_fraction_within_rounding(faces):
    rows = validating(faces, 0.2)
    for index in range(7):
        for found in (True, False):
            stratum = (faces.classes == index) & (faces.found == found)
            assert abs(rows[stratum].sum() - 0.2 * stratum.sum()) <= 1


def test_names_are_some_of_the_faces_each_once(faces):
    names = chosen(faces)
    assert 0 < len(names) < len(faces) and len(set(names)) == len(names)
    assert set(names) < set(faces.names)


def test_the_folds_differ_as_sets_and_together_are_all_images(faces):
    folds = [set(chosen(faces, 0.2, fold)) for fold in range(5)]
    assert set().union(*folds) == set(faces.names)
    assert sum(len(fold) for fold in folds) == len(faces)


def test_neither_the_global_seed_nor_the_order_of_the_images_changes_a_fold(faces):
    first = set(chosen(faces))
    np.random.seed(99)
    assert set(chosen(faces)) == first
    groups, order = pixel_groups(faces.images), np.random.default_rng(1).permutation(len(faces))
    assert set(validation_names(faces.take(order), groups[order], 0.1)) == first


def test_a_fold_that_there_is_not_is_refused(faces):
    with pytest.raises(SystemExit, match=r"validation_fold 5: .* folds 0 to 4"):
        chosen(faces, 0.2, 5)


@pytest.mark.parametrize("fold", range(3))
def test_identical_images_never_straddle_whatever_their_class(faces, fold):
    images = faces.images.copy()
    images[1:200:2] = images[:200:2]  # a hundred pairs
    copies = Faces(images, faces.classes, faces.names, faces.found)
    assert (faces.classes[:200:2] != faces.classes[1:200:2]).any()
    rows = validating(copies, 0.2, fold)
    assert 0 < rows[:200].sum() < 200
    assert np.array_equal(rows[:200:2], rows[1:200:2])


def test_a_class_with_too_few_images_is_named_by_its_count(faces):
    with pytest.raises(SystemExit, match=r"0\.05 needs 20 .* class .* has 12") as end:
        chosen(faces, 0.05)
    assert "\n" not in str(end.value)


def test_a_class_with_just_enough_images_is_on_both_sides(faces):
    rows = validating(faces, 1 / 12)
    assert 0 < rows[faces.classes == 1].sum() < 12


def test_cropped_and_whole_images_are_validated_on_the_same_names(empty_folder):
    write_crops(splits={"train": make_faces(COUNTS), "test": make_faces(seed=9, split="test")})
    settings = {"validation_fraction": 0.2, "validation_fold": 4, "validation_groups": "exact"}
    cropped, whole = load_faces("train"), load_faces("train", view="whole")
    names = set(whole.names[validation_rows(whole, settings)])
    assert names == set(chosen(whole, 0.2, 4))
    expected = names & set(cropped.names)
    assert set(cropped.names[validation_rows(cropped, settings)]) == expected
    assert 0 < len(expected) < len(names)


@pytest.mark.parametrize("fold", range(3))
def test_near_groups_of_the_table_never_straddle(faces, empty_folder, fold):
    write_crops(splits={"train": faces, "test": make_faces(seed=9, split="test")})
    groups = np.arange(len(faces)) // 3
    table = pd.DataFrame({"name": faces.names, "group": groups}).sample(frac=1, random_state=0)
    table.to_csv("groups.csv", index=False)
    settings = {"validation_fraction": 0.2, "validation_fold": fold, "validation_groups": "near"}
    rows = validation_rows(faces, settings, "groups.csv")
    assert 0 < rows.sum() < len(faces)
    assert set(groups[rows]).isdisjoint(groups[~rows])


def test_groups_of_other_images_are_refused(faces, empty_folder):
    pd.DataFrame({"name": faces.names[1:], "group": 0}).to_csv("groups.csv", index=False)
    with pytest.raises(SystemExit, match=r"groups\.csv is of other images"):
        read_groups(faces.names, "groups.csv")


def test_pixel_groups_number_equal_images_alike_in_order_of_appearance():
    images = np.zeros((5, 3, 3), np.uint8)
    images[1], images[3] = 1, 1
    images[4, 2, 2] = 1  # one pixel apart from the first
    assert pixel_groups(images).tolist() == [0, 1, 0, 1, 2]


def test_pixel_groups_see_pixels_not_memory():
    images = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    turned = np.array([images[0], images[1], images[0].T]).transpose(0, 2, 1)
    assert pixel_groups(turned).tolist() == [0, 1, 2]
    assert pixel_groups(np.asfortranarray(images[[0, 0]])).tolist() == [0, 0]


def test_copies_of_one_picture_do_not_count_as_images_of_a_class(faces):
    images = faces.images.copy()
    images[faces.classes == 0] = images[faces.classes == 0][0]
    copies = Faces(images, faces.classes, faces.names, faces.found)
    with pytest.raises(SystemExit, match=r"different images .* angry has 1"):
        chosen(copies, 0.2)
