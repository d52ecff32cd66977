"""ferd.sketch.archive: Kaggle's layout, repeated images and images without a face."""

import zipfile
from collections import Counter

import cv2
import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.sketch.archive import sketch_archive
from tests.helpers.sketches import first_level


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


def test_a_class_with_a_share_gets_fewer_training_pictures_and_as_many_to_test(tmp_path):
    path = tmp_path / "archive.zip"
    sketch_archive(path, train_per_class=5, test_per_class=2, train_shares={"disgust": 0.6})
    counts = Counter(tuple(name.split("/")[1:3]) for name in read_archive(path))
    assert counts["train", "disgust"] == 3 and counts["train", "fear"] == 5
    assert counts["validation", "disgust"] == 2
