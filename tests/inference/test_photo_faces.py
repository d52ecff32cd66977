"""ferd.inference.faces.photo_faces: the study's face in its images, all faces of a larger photo."""

from types import SimpleNamespace

import cv2
import dlib
import numpy as np
import pytest

from ferd.imaging.detector import detect
from ferd.inference.faces.photo_faces import find_faces
from tests.helpers.predicting import photo
from tests.helpers.sketches import DETECTOR, face, scene

LEVELS = (0, 1, 2, 3)
PASTED = [("happy", 1, 240, 40, 60), ("neutral", 11, 200, 400, 30), ("sad", 3, 200, 330, 280)]
PHOTO = photo(PASTED, 640, 520)


def recorder(found=()):
    """A detector that finds `(left, top, right, bottom, score)` and notes what it is shown."""
    shown = []

    def run(image, level, threshold):
        shown.append((image.shape, level))
        return [dlib.rectangle(*box) for *box, _ in found], [score for *_, score in found], None

    return SimpleNamespace(run=run, shown=shown)


def overlap(detection, pasted, factor=1):
    """The share of the box that lies on a pasted face, as in `photo`, of an enlarged photo."""
    size, left, top = (value * factor for value in pasted[2:])
    width = min(detection.right, left + size) - max(detection.left, left)
    height = min(detection.bottom, top + size) - max(detection.top, top)
    area = (detection.right - detection.left) * (detection.bottom - detection.top)
    return max(0, width) * max(0, height) / area


@pytest.mark.parametrize("expression", ["angry", "happy", "neutral", "sad"])
@pytest.mark.parametrize("seed", range(4))
def test_the_first_face_of_a_study_image_is_the_one_the_study_takes(expression, seed):
    picture = face(expression, 100 + seed)
    assert find_faces(picture, LEVELS, DETECTOR)[:1] == [detect(picture, LEVELS, DETECTOR)]


@pytest.mark.parametrize("seed", range(3))
def test_a_scene_without_a_face_has_none(seed):
    assert find_faces(scene(seed), LEVELS, DETECTOR) == []


def test_every_pasted_face_is_found_where_it_lies_the_largest_first():
    found = find_faces(PHOTO, LEVELS, DETECTOR)
    assert [max(PASTED, key=lambda pasted: overlap(one, pasted)) for one in found] == PASTED
    for detection, pasted in zip(found, PASTED, strict=True):
        assert overlap(detection, pasted) > 0.99
        assert 0.4 < (detection.right - detection.left) / pasted[2] < 1


@pytest.mark.parametrize("factor", [2, 4])
def test_boxes_of_a_shrunk_photo_lie_over_the_faces_of_the_whole_one(factor):
    large = cv2.resize(PHOTO, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    found = find_faces(large, LEVELS, DETECTOR, longest_side=800)
    assert len(found) == 3
    for detection, pasted in zip(found, PASTED, strict=True):
        assert overlap(detection, pasted, factor) > 0.99
        assert 0.4 < (detection.right - detection.left) / (factor * pasted[2]) < 1


def test_boxes_are_scaled_back_and_clipped():
    detector = recorder([(-5, 10, 39, 59, 1.0)])
    (found,) = find_faces(np.zeros((200, 400), np.uint8), (0,), detector, longest_side=100)
    assert detector.shown == [((50, 100), 0)]
    assert (found.left, found.top, found.right, found.bottom) == (0, 40, 160, 200)


@pytest.mark.parametrize(
    "longer, levels",
    [(48, [0, 1, 2, 3]), (400, [0, 1, 2, 3]), (401, [0, 1, 2]), (801, [0, 1]), (9000, [0, 1])],
)
def test_a_larger_photo_is_searched_at_fewer_levels(longer, levels):
    detector = recorder()
    assert find_faces(np.zeros((40, longer), np.uint8), LEVELS, detector) == []
    assert [level for _, level in detector.shown] == levels


def test_the_lowest_level_is_searched_whatever_the_size():
    detector = recorder()
    find_faces(np.zeros((40, 1600), np.uint8), (3, 2), detector)
    assert [level for _, level in detector.shown] == [2]


def test_the_first_level_that_finds_a_face_ends_the_search():
    detector = recorder([(0, 0, 9, 9, 1.0), (20, 0, 39, 19, 0.1)])
    found = find_faces(np.zeros((40, 60), np.uint8), (1, 2), detector)
    assert [(one.left, one.level) for one in found] == [(20, 1), (0, 1)]
    assert [level for _, level in detector.shown] == [1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 3)])
def test_tiny_and_very_long_images_have_no_face(shape):
    assert find_faces(np.zeros(shape, np.uint8), LEVELS, DETECTOR) == []
