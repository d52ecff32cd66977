"""ferd.inference.detectors: large and small faces of one picture, each once, by either detector."""

import cv2
import numpy as np
import pytest
from matplotlib.cbook import get_sample_data

from ferd.inference.detectors.base import FoundFace, merge
from ferd.inference.detectors.choice import choose
from ferd.inference.detectors.dlib_faces import DlibDetector
from ferd.inference.detectors.fast_faces import FastDetector
from ferd.inference.faces.photo_faces import LONGEST_SIDE, levels_for
from tests.helpers.predicting import photo, rgb
from tests.helpers.sketches import scene

LEVELS = (0, 1, 2, 3)
# One large drawn face and four small ones: expression, seed, side of the tile, left, top.
TILES = [("happy", 1, 600, 20, 20)]
TILES += [("sad", seed, 90, 700 + 110 * seed, 60 + 150 * seed) for seed in range(4)]
CROWD = photo(TILES, 1280, 720)


@pytest.fixture(params=["fast", "dlib"])
def name(request):
    return request.param


def portrait():
    """The head on a photo in the public domain that Matplotlib comes with; RGB, face 170 wide."""
    path = get_sample_data("grace_hopper.jpg", asfileobj=False)
    return cv2.imread(str(path))[60:420, 120:420, ::-1]


def pasted(widths, shape):
    """A canvas with that face at several widths, and the boxes that it was pasted into."""
    canvas, boxes, left = np.full((*shape, 3), 90, np.uint8), [], 10
    for width in widths:
        head = cv2.resize(portrait(), None, fx=width / 170, fy=width / 170)
        height, wide = head.shape[:2]
        canvas[10 : 10 + height, left : left + wide] = head
        boxes.append((left, 10, left + wide, 10 + height))
        left += wide + 20
    return canvas, boxes


def lies_in(face, box):
    left, top, right, bottom = box
    across, down = (face.left + face.right) / 2, (face.top + face.bottom) / 2
    return left <= across < right and top <= down < bottom


def each_once(faces, boxes):
    return [sum(lies_in(face, box) for face in faces) for box in boxes] == [1] * len(boxes)


def test_one_large_and_several_small_drawn_faces_are_all_found_once(name):
    faces = choose(name, LEVELS).find(rgb(CROWD))
    boxes = [(left, top, left + side, top + side) for _, _, side, left, top in TILES]
    assert len(faces) == 5 and each_once(faces, boxes)
    areas = [(face.right - face.left) * (face.bottom - face.top) for face in faces]
    assert areas == sorted(areas, reverse=True)


def test_the_search_of_the_study_stops_at_the_large_face():
    assert len(choose("study", LEVELS).find(CROWD)) < 5


def test_faces_of_a_photograph_from_50_to_400_pixels_are_all_found_once(name):
    canvas, boxes = pasted([400, 120, 60, 50, 50], (1000, 1600))
    faces = choose(name, LEVELS).find(canvas)
    assert len(faces) == 5 and each_once(faces, boxes)
    assert all(face.level is None or name == "dlib" for face in faces)
    assert all(0 < face.score <= 1 or name == "dlib" for face in faces)


@pytest.mark.parametrize("width", [250, 700, 1400])
def test_a_face_that_fills_a_photo_is_found_as_one(name, width):
    canvas, boxes = pasted([width], (round(2.3 * width), round(2 * width)))
    faces = choose(name, LEVELS).find(canvas)
    assert len(faces) == 1 and each_once(faces, boxes)
    assert 0.7 < (faces[0].right - faces[0].left) / width < 1.4


def test_gray_is_searched_as_rgb_without_color(name):
    detector = choose(name, LEVELS)
    assert (
        detector.find(CROWD) == detector.find(CROWD[..., np.newaxis]) == detector.find(rgb(CROWD))
    )


def test_smaller_faces_are_left_out_and_the_others_stay_the_same(name):
    every = choose(name, LEVELS).find(CROWD)
    sides = [max(face.right - face.left, face.bottom - face.top) for face in every]
    for least in (sides[0], sides[0] + 1, sides[2]):
        wanted = [face for face, side in zip(every, sides, strict=True) if side >= least]
        assert choose(name, LEVELS, min_face=least).find(CROWD) == wanted
    assert len({*sides}) > 1


def test_a_photo_that_is_shrunk_further_loses_its_small_faces(name):
    detector = choose(name, LEVELS, longest_side=160)
    assert [lies_in(face, (20, 20, 620, 620)) for face in detector.find(CROWD)] == [True]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 3), (48, 48), (9, 9, 3)])
def test_images_without_a_face_have_none_whatever_their_shape(name, shape):
    assert choose(name, LEVELS).find(np.zeros(shape, np.uint8)) == []


def test_a_scene_without_a_face_has_none(name):
    assert choose(name, LEVELS).find(scene(0, 640)) == []


def searched(side, **settings):
    """The longer sides at which fast searches an image."""
    detector, sides = FastDetector(**settings), []
    detector._search = lambda image: sides.append(max(image.shape[:2])) or []
    assert detector.find(np.zeros((side // 2, side), np.uint8)) == []
    return sides


@pytest.mark.parametrize(
    "side, settings, sides",
    [
        (48, {}, [192]),
        (300, {}, [300, 100]),
        (640, {}, [640, 213]),
        (1280, {}, [640, 213]),
        (2048, {}, [1024, 341, 113]),
        (4000, {}, [1280, 427, 142]),
        (4000, {"longest_side": 3000}, [3000, 1000, 333, 111]),
        (1280, {"longest_side": 3000}, [1280, 427, 142]),
        (1280, {"longest_side": 300}, [300, 100]),
        (1280, {"longest_side": 20}, [192]),
    ],
)
def test_fast_searches_half_the_photo_and_smaller_sizes(side, settings, sides):
    assert searched(side, **settings) == sides


@pytest.mark.parametrize(
    "side, longest_side, levels",
    [(48, None, [0, 1, 2, 3]), (1280, None, [0, 1]), (1280, 2560, [0, 1, 2]), (9000, None, [0, 1])],
)
def test_dlib_searches_a_larger_photo_at_fewer_levels(side, longest_side, levels):
    most = DlibDetector(LEVELS, longest_side).longest_side
    assert levels_for(min(side, most), LEVELS, most) == levels
    assert levels_for(5000, (3, 2), LONGEST_SIDE) == [2]


def test_of_boxes_of_one_face_the_best_is_kept_and_empty_ones_are_not():
    best, other = FoundFace(10, 10, 50, 50, 1, 0.9), FoundFace(12, 8, 54, 50, 0, 0.4)
    apart, empty = FoundFace(60, 10, 80, 30, 2, 0.1), FoundFace(5, 5, 5, 9, 1, 3.0)
    assert merge([apart, other, best, empty]) == [best, apart]
    assert merge([apart, best], min_face=21) == [best] and merge([]) == []
    assert merge([other, best], min_face=41) == []


def test_settings_are_what_a_copy_is_made_of(name):
    one = choose(name, LEVELS, 900, 30)
    make, arguments = one.__reduce__()
    assert make(*arguments).settings == one.settings and one.settings[0] == name


def test_an_unknown_detector_is_refused():
    with pytest.raises(ValueError, match="no detector 'mtcnn'"):
        choose("mtcnn", LEVELS)
