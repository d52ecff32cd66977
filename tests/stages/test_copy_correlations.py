"""The stage copy_correlations on a small crops.npz with a copy of each kind."""

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.dataset.parts.faces import Faces
from stages import copy_correlations
from tests.helpers.small_faces import make_faces, write_crops

EXACT, BRIGHT, BLURRED, MOVED, MIRRORED, BLANK, OTHER_BLANK, ALONE = range(8)


def smooth_faces(seed, split):
    """Faces of smooth noise, 32 pixels wide: like photos they keep their pattern at half size."""
    faces = make_faces(seed=seed, size=32, split=split)
    images = np.stack([cv2.GaussianBlur(image, (0, 0), 2) for image in faces.images])
    low = images.min(axis=(1, 2), keepdims=True)
    high = images.max(axis=(1, 2), keepdims=True)
    images = ((images - low) / (high - low) * 180).astype(np.uint8)
    return Faces(images, faces.classes, faces.names, faces.found)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The stage's table; the first test images are copies of train images."""
    train, test = smooth_faces(2, "train"), smooth_faces(1, "test")
    train.images[BLANK] = 7
    test.images[EXACT] = train.images[EXACT]
    test.images[BRIGHT] = train.images[BRIGHT] + 60
    test.images[BLURRED] = cv2.GaussianBlur(train.images[BLURRED], (0, 0), 1.5)
    test.images[MOVED] = np.roll(train.images[MOVED], (3, -2), axis=(0, 1))
    test.images[MIRRORED] = np.roll(train.images[MIRRORED][:, ::-1], 1, axis=1)
    test.images[BLANK], test.images[OTHER_BLANK] = 7, 8
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("correlations"))
        write_crops(splits={"train": train, "test": test})
        copy_correlations.main()
        found = pd.read_csv("data/copy_correlations.csv")
    assert list(found["name"]) == list(test.names)
    return found


def test_an_exact_copy_has_a_correlation_of_1(table):
    assert table["near"][EXACT] == 1


def test_brightness_changes_nothing(table):
    assert table["near"][BRIGHT] == pytest.approx(1, abs=1e-6)


def test_a_near_copy_has_a_high_correlation(table):
    assert 0.9 < table["near"][BLURRED] < 1


@pytest.mark.parametrize("row", [MOVED, MIRRORED])
def test_a_moved_copy_is_a_shifted_one_alone(table, row):
    assert table["shifted"][row] > 0.99
    assert table["near"][row] < 0.85


def test_a_blank_image_is_an_exact_copy_or_none(table):
    assert list(table["near"][[BLANK, OTHER_BLANK]]) == [1, 0]
    assert list(table["shifted"][[BLANK, OTHER_BLANK]]) == [0, 0]


def test_the_other_images_have_no_copy(table):
    assert (table[["near", "shifted"]][ALONE:] < 0.85).all(axis=None)


def test_every_shifted_correlation_is_at_full_size():
    """With one reference it is the maximum over all windows of the query and its mirror image."""
    query, reference = (smooth_faces(seed, "test").images[:1] for seed in (3, 4))
    found = copy_correlations.copy_correlations(query, reference)["shifted"]
    middle = reference[0, 4:-4, 4:-4].ravel()
    values = [
        np.corrcoef(image[top : top + 24, left : left + 24].ravel(), middle)[0, 1]
        for image in (query[0], query[0][:, ::-1])
        for top in range(9)
        for left in range(9)
    ]
    assert found == pytest.approx([max(values)], abs=1e-5) and max(values) < 0.85
