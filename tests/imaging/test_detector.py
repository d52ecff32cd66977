"""ferd.imaging.detector: which face is taken, its box lies in the image, how it is cut out."""

from types import SimpleNamespace

import cv2
import dlib
import numpy as np
import pytest

from ferd.imaging.detector import Detection, crop, detect
from tests.helpers.sketches import DETECTOR, face, scene

IMAGE = np.random.default_rng(0).integers(0, 256, (40, 60), dtype=np.uint8)


def played(levels):
    """A detector that finds, per level, these `(left, top, right, bottom, score)`."""

    def run(image, level, threshold):
        found = levels.get(level, [])
        return [dlib.rectangle(*box) for *box, _ in found], [score for *_, score in found], None

    return SimpleNamespace(run=run)


def box(detection):
    return detection.left, detection.top, detection.right, detection.bottom


def test_the_larger_of_two_faces_wins_though_dlib_is_surer_of_the_smaller():
    canvas = np.full((200, 400), 128, np.uint8)
    canvas[:, :200] = face("happy", 1, 200)
    canvas[40:160, 240:360] = face("neutral", 11, 120)
    boxes, scores, _ = DETECTOR.run(canvas, 1, 0.0)
    assert len(boxes) == 2 and boxes[0].width() < boxes[1].width() and scores[0] > scores[1]
    found = detect(canvas, [1], DETECTOR)
    assert found.right < 200 and found.score == scores[1]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_equally_large_faces_the_surer_wins(order):
    faces = [(0, 0, 9, 9, 0.5), (20, 0, 29, 9, 0.7)][::order]
    assert detect(IMAGE, [1], played({1: faces})).score == 0.7


def test_the_first_level_that_finds_a_face_wins():
    detector = played({2: [(0, 0, 5, 5, 0.1)], 3: [(0, 0, 30, 30, 2.0)]})
    assert detect(IMAGE, [0, 1, 2, 3], detector).level == 2
    assert detect(IMAGE, [3, 2], detector).level == 3


def test_a_sketch_face_too_small_for_level_1_is_found_at_level_2():
    assert detect(face(seed=5000), [0, 1], DETECTOR) is None
    assert detect(face(seed=5000), [0, 1, 2, 3], DETECTOR).level == 2


def test_a_box_holds_dlibs_right_and_bottom_pixels():
    assert box(detect(IMAGE, [1], played({1: [(3, 4, 10, 12, 1.0)]}))) == (3, 4, 11, 13)


def test_a_box_that_reaches_outside_is_clipped_to_the_image():
    assert box(detect(IMAGE, [1], played({1: [(-5, -6, 70, 50, 1.0)]}))) == (0, 0, 60, 40)


def test_a_real_box_that_dlib_lets_reach_outside_is_clipped():
    picture = face("happy", 1, 200)[60:, 45:]  # cut through forehead and cheek
    raw = DETECTOR.run(picture.copy(), 1, 0.0)[0][0]
    assert min(raw.left(), raw.top()) < 0
    found = detect(picture, [1], DETECTOR)
    assert box(found) == (max(0, raw.left()), max(0, raw.top()), raw.right() + 1, raw.bottom() + 1)


def test_a_part_cut_out_of_a_larger_image_is_seen_as_a_copy_of_that_part_is():
    for view in (face("happy", 1, 200)[60:, 45:], face("sad", 2, 200)[:, ::-1]):
        assert not view.flags.c_contiguous
        found = {detect(view, [1], DETECTOR) for _ in range(5)}
        assert found == {detect(view.copy(), [1], DETECTOR)} and None not in found


def test_size_is_compared_after_clipping():
    faces = [(-100, 0, 5, 30, 1.0), (20, 0, 45, 30, 1.0)]
    assert detect(IMAGE, [1], played({1: faces})).left == 20


def test_a_box_that_lies_wholly_outside_is_no_face():
    outside = (70, 0, 90, 20, 1.0)
    assert detect(IMAGE, [1], played({1: [outside]})) is None
    assert detect(IMAGE, [1, 2], played({1: [outside], 2: [(0, 0, 5, 5, 0.1)]})).level == 2


@pytest.mark.parametrize("seed", range(3))
def test_no_face_is_found_in_noise_or_a_scene(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (48, 48), dtype=np.uint8)
    assert detect(noise, [0, 1, 2, 3], DETECTOR) is None
    assert detect(scene(seed), [0, 1, 2, 3], DETECTOR) is None


def test_without_a_detector_dlibs_own_is_taken():
    assert detect(face(seed=5001), [1]) == detect(face(seed=5001), [1], DETECTOR)


@pytest.mark.parametrize("size", [32, 48])
def test_a_crop_is_the_box_resized_to_a_gray_square(size):
    cut = crop(IMAGE, Detection(left=10, top=5, right=50, bottom=25, level=1, score=1.0), size)
    assert cut.shape == (size, size) and cut.dtype == np.uint8
    assert np.array_equal(cut, cv2.resize(IMAGE[5:25, 10:50], (size, size)))


def test_a_crop_of_the_size_wanted_keeps_every_pixel():
    cut = crop(IMAGE, Detection(10, 5, 30, 25, 1, 1.0), 20)
    assert np.array_equal(cut, IMAGE[5:25, 10:30])


def test_without_a_detection_the_whole_image_is_resized():
    assert np.array_equal(crop(IMAGE, None, 48), cv2.resize(IMAGE, (48, 48)))
