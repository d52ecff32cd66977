"""The sketches stand in for the real dataset: repeatable, found by dlib, told apart by class."""

import zipfile
from collections import Counter
from itertools import combinations

import cv2
import dlib
import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.sketch import draw_face, draw_scene, sketch_archive

DETECTOR = dlib.get_frontal_face_detector()
SEEDS = range(5000, 5020)


def generator(seed):
    return np.random.default_rng(seed)


def first_level(picture):
    """The lowest up-sampling level at which dlib finds a face, or None."""
    return next((level for level in (1, 2, 3) if DETECTOR.run(picture, level, 0.0)[0]), None)


def read_archive(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def decode(content):
    return cv2.imdecode(np.frombuffer(content, "uint8"), cv2.IMREAD_UNCHANGED)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    path = tmp_path_factory.mktemp("sketch") / "archive.zip"
    sketch_archive(path, train_per_class=10, test_per_class=5, seed=3, faceless_share=0.2)
    return read_archive(path)


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
    """Gray levels by which an expression changes the average of the same 40 people."""
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


def test_archive_holds_the_asked_number_of_pictures_of_each_class_under_running_numbers(files):
    parts = [name.split("/") for name in files]
    counts = Counter((top, folder, expression) for top, folder, expression, _ in parts)
    expected = {("images", "train", name): 10 for name in CLASSES}
    expected |= {("images", "validation", name): 5 for name in CLASSES}
    assert counts == expected
    numbers = sorted(int(file.removesuffix(".jpg")) for *_, file in parts)
    assert numbers == list(range(len(files)))
    assert all(decode(content).shape == (48, 48) for content in files.values())


def test_train_repeats_one_picture_per_class_and_shares_none_with_validation(files):
    train = [content for name, content in files.items() if "/train/" in name]
    validation = [content for name, content in files.items() if "/validation/" in name]
    assert len(train) - len(set(train)) == len(CLASSES)
    assert len(set(validation)) == len(validation) and not set(train) & set(validation)


def test_archive_shows_no_face_in_the_asked_share_of_each_class_and_split(files):
    faceless = Counter(
        tuple(name.split("/")[1:3])
        for name, content in files.items()
        if not first_level(decode(content))
    )
    assert faceless == {
        (folder, name): count
        for folder, count in (("train", 2), ("validation", 1))
        for name in CLASSES
    }


def test_archive_bytes_depend_on_the_seed_alone(tmp_path):
    for name, seed in (("one.zip", 0), ("same.zip", 0), ("other.zip", 1)):
        sketch_archive(tmp_path / name, 4, 2, seed=seed)
    one = (tmp_path / "one.zip").read_bytes()
    assert one == (tmp_path / "same.zip").read_bytes()
    assert one != (tmp_path / "other.zip").read_bytes()


def test_archive_entries_are_sorted_stored_and_dated_1980(tmp_path):
    sketch_archive(tmp_path / "a.zip", 2, 2)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("bad", [{"train_per_class": -1}, {"faceless_share": 1.5}])
def test_archive_refuses_impossible_counts_and_shares(tmp_path, bad):
    with pytest.raises(ValueError, match="0 or more"):
        sketch_archive(tmp_path / "a.zip", **({"train_per_class": 1, "test_per_class": 1} | bad))
    assert not (tmp_path / "a.zip").exists()
