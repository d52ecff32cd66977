"""ferd.dataset.parts.split: validation faces are stratified, seeded, and in no training."""

import numpy as np
import pytest

from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.split import pixel_groups, validation_names, validation_rows
from tests.helpers.small_faces import make_faces, write_crops

COUNTS = (40, 12, 37, 80, 50, 49, 32)


@pytest.fixture
def faces():
    return make_faces(COUNTS)


def validating(faces, fraction=0.1, seed=0):
    return np.isin(faces.names, validation_names(faces, fraction, seed))


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
    names = validation_names(faces, 0.1, 0)
    assert 0 < len(names) < len(faces) and len(set(names)) == len(names)
    assert set(names) < set(faces.names)


def test_the_seed_alone_decides_the_choice(faces):
    first = validation_names(faces, 0.1, 0).tolist()
    np.random.seed(99)
    assert validation_names(faces, 0.1, 0).tolist() == first
    assert validation_names(faces, 0.1, 1).tolist() != first


@pytest.mark.parametrize("seed", range(3))
def test_identical_images_never_straddle_whatever_their_class(faces, seed):
    images = faces.images.copy()
    images[1:200:2] = images[:200:2]  # a hundred pairs
    copies = Faces(images, faces.classes, faces.names, faces.found)
    assert (faces.classes[:200:2] != faces.classes[1:200:2]).any()
    rows = validating(copies, 0.2, seed)
    assert 0 < rows[:200].sum() < 200
    assert np.array_equal(rows[:200:2], rows[1:200:2])


def test_a_class_with_too_few_images_is_named_by_its_count(faces):
    with pytest.raises(SystemExit, match=r"0\.05 needs 20 .* class .* has 12") as end:
        validation_names(faces, 0.05, 0)
    assert "\n" not in str(end.value)


def test_a_class_with_just_enough_images_is_on_both_sides(faces):
    rows = validating(faces, 1 / 12)
    assert 0 < rows[faces.classes == 1].sum() < 12


def test_cropped_and_whole_images_are_validated_on_the_same_names(empty_folder):
    write_crops(splits={"train": make_faces(COUNTS), "test": make_faces(seed=9, split="test")})
    settings = {"validation_fraction": 0.2, "seed": 4}
    cropped, whole = load_faces("train"), load_faces("train", view="whole")
    chosen = set(whole.names[validation_rows(whole, settings)])
    assert chosen == set(validation_names(whole, 0.2, 4))
    expected = chosen & set(cropped.names)
    assert set(cropped.names[validation_rows(cropped, settings)]) == expected
    assert 0 < len(expected) < len(chosen)


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
        validation_names(copies, 0.2, 0)
