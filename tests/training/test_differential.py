"""ferd.training.paper.differential: rare classes are changed strongly, the others as without it."""

import numpy as np
import pytest

from ferd.training.paper.augment import light_augment
from ferd.training.paper.differential import differential_augment, rare_classes, strong_augment

LIGHT = {"flip": True, "rotation_degrees": 10.0}
STRONG = {"rotation_degrees": 25.0, "zoom": 0.2, "shift": 0.15, "brightness": 0.3}
NOTHING = dict.fromkeys(STRONG, 0.0)
RARE = np.array([False, True, False, False, False, False, True])


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def images():
    return generator(5).integers(50, 200, (42, 12, 12), dtype=np.uint8)


@pytest.fixture
def classes():
    return generator(6).permutation(np.arange(42) % 7)


def changed(one, other):
    """Whether each face differs."""
    return (one != other).any(axis=(1, 2))


@pytest.mark.parametrize(
    ("share", "rare"), [(1.0, [1, 5]), (0.5, [1]), (0.1, []), (1.01, [0, 1, 3, 5])]
)
def test_classes_below_the_share_of_the_median_are_rare_by_hand(share, rare):
    counts = (10, 2, 12, 10, 30, 8, 11)  # median 10
    classes = np.repeat(np.arange(7), counts)
    assert np.flatnonzero(rare_classes(classes, 7, share)).tolist() == rare


def test_a_class_without_faces_is_rare():
    assert rare_classes(np.array([0, 0, 1, 1]), 3, 1.0).tolist() == [False, False, True]


def test_faces_of_other_classes_are_pixel_for_pixel_what_light_augment_makes(images, classes):
    result = differential_augment(images, classes, generator(), RARE, LIGHT, STRONG)
    expected = light_augment(images, generator(), **LIGHT)
    assert np.array_equal(changed(result, expected), RARE[classes])


def test_without_a_rare_class_it_is_light_augment(images, classes):
    result = differential_augment(images, classes, generator(), RARE & False, LIGHT, STRONG)
    assert np.array_equal(result, light_augment(images, generator(), **LIGHT))


def test_rare_faces_are_augmented_strongly_instead_of_lightly(images, classes):
    light, strong = LIGHT | {"rotation_degrees": 10.0}, NOTHING
    result = differential_augment(images, classes, generator(), RARE, light, strong)
    rare = RARE[classes]
    for image, face in zip(result[rare], images[rare], strict=True):
        assert np.array_equal(image, face) or np.array_equal(image, face[:, ::-1])


def test_the_generator_alone_decides(images, classes):
    def run(seed):
        return differential_augment(images, classes, generator(seed), RARE, LIGHT, STRONG)

    first = run(1)
    np.random.seed(7)
    assert np.array_equal(run(1), first)
    rare = RARE[classes]
    assert changed(run(2), first)[rare].all() and changed(run(2), first)[~rare].any()


def test_strong_augment_of_zero_strength_only_flips_about_half(images):
    result = strong_augment(images, generator(), **NOTHING)
    flipped = changed(result, images)
    assert np.array_equal(result[flipped], images[flipped][:, :, ::-1])
    assert 10 < flipped.sum() < 32


@pytest.mark.parametrize("kind", STRONG)
def test_each_kind_of_change_acts_alone(images, kind):
    flips = strong_augment(images, generator(), **NOTHING)
    assert changed(
        strong_augment(images, generator(), **NOTHING | {kind: STRONG[kind]}), flips
    ).any()


def test_brightness_scales_a_constant_face_by_at_most_its_share():
    faces = np.full((200, 6, 6), 100, np.uint8)
    result = strong_augment(faces, generator(), **STRONG)
    assert (result == result[:, :1, :1]).all()
    assert 70 <= result.min() < 75 and 125 < result.max() <= 130


def test_brightened_faces_are_cut_off_at_white_not_wrapped():
    faces = np.full((50, 6, 6), 250, np.uint8)
    result = strong_augment(faces, generator(), **NOTHING | {"brightness": 0.5})
    assert result.dtype == np.uint8 and result.max() == 255 and result.min() >= 125


def test_the_input_is_left_as_it_was(images, classes):
    before = images.copy()
    differential_augment(images, classes, generator(), RARE, LIGHT, STRONG)
    assert np.array_equal(images, before)
