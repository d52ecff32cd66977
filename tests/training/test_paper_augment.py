"""ferd.training.paper.augment: only flips and rotations, which depend only on the generator."""

import numpy as np
import pytest

from ferd.training.paper.augment import light_augment, warp


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def images():
    return generator(5).integers(50, 200, (40, 12, 12), dtype=np.uint8)


def test_without_flip_and_rotation_nothing_changes(images):
    assert np.array_equal(light_augment(images, generator(), False, 0.0), images)


def test_a_flip_mirrors_left_and_right_for_about_half_the_faces(images):
    flipped = light_augment(images, generator(), True, 0.0)
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(flipped, images, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(flipped, images, strict=True)]
    assert all(a != b for a, b in zip(mirrored, kept, strict=True))
    assert 10 < sum(mirrored) < 30


def test_flipping_twice_by_the_same_draws_gives_the_faces_back(images):
    once = light_augment(images, generator(), True, 0.0)
    assert not np.array_equal(once, images)
    assert np.array_equal(light_augment(once, generator(), True, 0.0), images)


def test_grey_levels_stay_in_the_range_of_the_face(images):
    turned = light_augment(images, generator(), True, 180.0)
    assert turned.dtype == np.uint8 and turned.shape == images.shape
    for image, result in zip(images, turned, strict=True):
        assert image.min() <= result.min() and result.max() <= image.max()


def test_the_generator_alone_decides(images):
    first = light_augment(images, generator(1))
    np.random.seed(7)
    assert np.array_equal(light_augment(images, generator(1)), first)
    assert not np.array_equal(light_augment(images, generator(2)), first)


def test_the_input_is_left_as_it_was(images):
    before = images.copy()
    light_augment(images, generator())
    assert np.array_equal(images, before)


@pytest.mark.parametrize("level", [0, 77, 255])
def test_a_constant_face_stays_constant(level):
    faces = np.full((10, 12, 12), level, np.uint8)
    assert np.array_equal(light_augment(faces, generator(), True, 45.0), faces)


def test_switching_the_flip_off_leaves_the_rotations_as_they_were(images):
    both = light_augment(images, generator(), True, 20.0)
    turned = light_augment(images, generator(), False, 20.0)
    unflipped = [np.array_equal(a, b) for a, b in zip(both, turned, strict=True)]
    assert 10 < sum(unflipped) < 30


def test_angles_reach_both_ways_but_no_further_than_allowed(monkeypatch, images):
    angles = []
    monkeypatch.setattr(
        "ferd.training.paper.augment.warp", lambda image, angle: angles.append(angle) or image
    )
    light_augment(np.repeat(images, 10, axis=0), generator(), rotation_degrees=15.0)
    assert -15 <= min(angles) < -13 and 13 < max(angles) <= 15


def test_warp_turns_zooms_and_shifts_about_the_centre(images):
    image = images[0]
    assert np.array_equal(warp(image), image)
    assert np.array_equal(warp(image, angle=90), np.rot90(image))
    assert np.array_equal(warp(image, angle=180), image[::-1, ::-1])
    right_down = warp(image, shift=(2, 1))
    assert np.array_equal(right_down[1:, 2:], image[:-1, :-2])
    spot = np.zeros((9, 9), np.uint8)
    spot[4, 4] = spot[4, 6] = 200
    assert warp(spot, zoom=2.0)[4, [4, 8]].tolist() == [200, 200]


def test_pixels_from_outside_repeat_the_edge(images):
    shifted = warp(images[0], shift=(3, 0))
    assert np.array_equal(shifted[:, :4], images[0][:, :1].repeat(4, axis=1))
