"""ferd.training.jax.augment: equal random numbers give OpenCV's faces; only the key is random."""

import jax
import numpy as np
import pytest

from ferd.training.jax import augment as jax_augment
from ferd.training.recipes import augment as recipe_augment

pytestmark = pytest.mark.slow

SETTINGS = {
    **{"crop_size": 20, "flip": True, "rotation_degrees": 15.0, "zoom": 0.2},
    **{"brightness": 0.2, "contrast": 0.2, "erasing": 0.0},
}
PLAIN = dict.fromkeys(("rotation_degrees", "zoom", "brightness", "contrast", "erasing"), 0.0)


class Drawn:
    """A numpy generator whose moves are given, and which erases nothing."""

    def __init__(self, draws):
        self.draws = draws

    def uniform(self, low, high, shape):
        return self.draws

    def random(self, shape):
        return np.ones(shape)


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (40, 24, 24), dtype=np.uint8)


@pytest.fixture
def draws(images):
    return np.random.default_rng(1).uniform(-1, 1, (len(images), 7)).astype("float32")


def test_views_are_those_of_opencv_to_a_level_or_two(images, draws):
    wanted = recipe_augment.augment_faces(images, Drawn(draws), SETTINGS)
    views = jax_augment.window(images, draws[:, :5], SETTINGS)
    found = jax_augment.relight(views, draws[:, 5] * 0.2, draws[:, 6] * 0.2)
    off = np.abs(np.asarray(found) - wanted)
    # OpenCV places pixels to 1/32: on random ones that is some levels at times.
    assert off.mean() < 1.5 and np.percentile(off, 99) < 8


def test_a_window_that_is_only_moved_holds_the_very_pixels(images, draws):
    settings = SETTINGS | PLAIN | {"flip": False}
    found = np.asarray(jax_augment.window(images, draws[:, :5], settings))
    for face, view, (right, down) in zip(images, found, draws[:, 3:5], strict=True):
        left, top = 2 + int(np.round(2 * right)), 2 + int(np.round(2 * down))
        np.testing.assert_array_equal(view, face[top : top + 20, left : left + 20])


def test_the_erased_rectangle_is_that_of_the_cpu(images):
    draws = np.random.default_rng(2).random((len(images), 4)).astype("float32")
    black = np.zeros((len(images), 20, 20), "float32")
    found = jax_augment.erase(black, np.arange(len(images)) > 0, draws, black + 255)
    assert not np.asarray(found[0]).any()
    for one, view in zip(draws[1:], found[1:], strict=True):
        wanted = np.zeros((20, 20), np.uint8)
        recipe_augment.erase(wanted, one, White())
        np.testing.assert_array_equal(view, wanted)


class White:
    def integers(self, low, high, shape, dtype):
        return np.full(shape, 255, dtype)


def test_a_batch_depends_on_its_key_alone_and_is_what_the_network_takes(images):
    settings = SETTINGS | {"erasing": 0.5}
    first, again, other = (
        np.asarray(jax_augment.augment_batch(images, jax.random.key(seed), settings))
        for seed in (1, 1, 2)
    )
    assert first.shape == (40, 20, 20, 1) and first.dtype == np.float32
    assert first.min() >= 0 and first.max() <= 1
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_half_of_the_faces_are_mirrored_and_none_where_flip_is_off(images):
    settings = SETTINGS | PLAIN | {"crop_size": 24}
    for flip, least, most in ((True, 8, 32), (False, 40, 40)):
        key = jax.random.key(3)
        views = jax_augment.augment_batch(images, key, settings | {"flip": flip})
        kept = [np.array_equal(v[..., 0] * 255, i) for v, i in zip(views, images, strict=True)]
        assert least <= sum(kept) <= most
