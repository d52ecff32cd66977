"""ferd.sketch.faces: drawn faces are reproducible, found by dlib, and separable by class."""

from collections import Counter
from itertools import combinations

import cv2
import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.sketch.faces import draw_face, draw_scene
from tests.helpers.sketches import first_level

SEEDS = range(5000, 5020)


def generator(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("expression", CLASSES)
def test_face_is_a_gray_square_that_depends_on_the_seed_alone(expression):
    face = draw_face(expression, generator(1))
    assert face.shape == (48, 48) and face.dtype == np.uint8
    assert np.array_equal(face, draw_face(expression, generator(1)))
    assert not np.array_equal(face, draw_face(expression, generator(2)))


def test_scene_is_a_gray_square_that_depends_on_the_seed_alone():
    scene = draw_scene(generator(1))
    assert scene.shape == (48, 48) and scene.dtype == np.uint8
    assert np.array_equal(scene, draw_scene(generator(1)))
    assert not np.array_equal(scene, draw_scene(generator(2)))


def test_size_sets_the_side_of_the_picture():
    assert draw_face("happy", generator(0), size=64).shape == (64, 64)
    assert draw_scene(generator(0), size=64).shape == (64, 64)


@pytest.mark.parametrize("expression", CLASSES)
def test_dlib_finds_nine_of_ten_faces_of_every_class(expression):
    levels = [first_level(draw_face(expression, generator(seed))) for seed in SEEDS]
    assert sum(level is not None for level in levels) >= 0.9 * len(SEEDS)


def test_faces_need_different_levels_so_that_the_search_over_levels_is_exercised():
    levels = Counter(first_level(draw_face("neutral", generator(seed))) for seed in SEEDS)
    assert levels[1] >= 2 and levels[2] >= 2


def test_dlib_finds_no_face_in_a_scene():
    assert [first_level(draw_scene(generator(seed))) for seed in range(40)] == [None] * 40


def test_unknown_expression_is_refused_with_the_allowed_ones():
    with pytest.raises(ValueError, match=", ".join(CLASSES)):
        draw_face("bored", generator(0))


@pytest.mark.parametrize("seed", range(4))
def test_expressions_of_one_seed_differ_in_the_face_and_share_everything_around_it(seed):
    faces = [draw_face(expression, generator(seed)).astype("float32") for expression in CLASSES]
    for one, other in combinations(faces, 2):
        change = np.abs(one - other)
        assert cv2.blur(change, (5, 5)).max() > 4  # gray levels: brows or mouth moved
        assert not change[:4, :4].any() and not change[-4:, -4:].any()  # same light and grain


def mean_change_from_neutral(expression):
    """Gray levels by which an expression changes the average of the same 40 annotators."""
    return np.mean(
        [
            draw_face(expression, generator(seed))
            - draw_face("neutral", generator(seed)).astype(int)
            for seed in range(40)
        ],
        axis=0,
    )


def test_surprise_darkens_the_mouth_most():
    row, column = np.unravel_index(mean_change_from_neutral("surprise").argmin(), (48, 48))
    assert row > 26 and 18 < column < 30


def test_anger_moves_the_dark_of_the_brows_down():
    upper_half = mean_change_from_neutral("angry")[:24]
    assert upper_half.max(axis=1).argmax() < upper_half.min(axis=1).argmin()
