"""ferd.dataset.crop.crop_files: one result per file, in order, with any number of processes."""

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES, SPLITS
from ferd.dataset.crop.crop_files import crop_file, crop_files, detection_table, list_images
from ferd.imaging.detector import Detection, detect
from tests.helpers.sketches import DETECTOR, face, scene

BOX = ["level", "left", "top", "right", "bottom"]
COLUMNS = ["split", "class", "name", "width", "height", "found", *BOX, "score"]


@pytest.fixture
def empty_raw(tmp_path):
    for split in SPLITS:
        for name in CLASSES:
            (tmp_path / split / name).mkdir(parents=True)
    return tmp_path


def write(path, picture):
    cv2.imwrite(str(path), picture)
    return path


def same(one, other):
    arrays = (np.array_equal(a, b) for a, b in zip(one[:2], other[:2], strict=True))
    return all(arrays) and one[2] == other[2]


def test_images_are_listed_by_split_and_class_and_numbers_by_their_value(empty_raw):
    names = ("10.png", "9.jpg", "b.png", "100.jpg", "2a.png")
    for name in names:
        (empty_raw / "train" / "fear" / name).touch()
    (empty_raw / "test" / "angry" / "1.jpg").touch()
    (empty_raw / "train" / "surprise" / "1.jpg").touch()
    listed = list_images(empty_raw)
    ordered = ("9.jpg", "10.png", "100.jpg", "2a.png", "b.png")
    assert [entry[:2] for entry in listed] == [
        *[("train", "fear")] * 5,
        ("train", "surprise"),
        ("test", "angry"),
    ]
    assert [file.name for *_, file in listed[:5]] == list(ordered)
    assert listed[5][2] == empty_raw / "train" / "surprise" / "1.jpg"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Files, what one and two workers make of them, and what `progress` saw of the second."""
    folder, seen = tmp_path_factory.mktemp("runs"), []
    # More files than one process takes at a time, so that both have work.
    pictures = [scene(n) if n % 4 == 0 else face("sad", 5000 + n) for n in range(36)]
    files = [write(folder / f"{n}.png", picture) for n, picture in enumerate(pictures)]

    def progress(results):
        for result in results:
            seen.append(result)
            yield result

    one = crop_files(files, [1], 48, workers=1)
    return files, one, crop_files(files, [1], 48, workers=2, progress=progress), seen


def test_order_and_results_do_not_depend_on_the_number_of_workers(runs):
    files, one, two, _ = runs
    direct = [crop_file((str(file), (1,), 48)) for file in files]
    assert len(one) == len(two) == 36 and 5 < sum(found is not None for *_, found, _ in one) < 28
    assert all(map(same, one, direct)) and all(map(same, two, direct))


def test_progress_sees_every_result(runs):
    _, _, two, seen = runs
    assert len(seen) == len(two) and all(a is b for a, b in zip(seen, two, strict=True))


def test_a_file_gives_the_whole_image_the_cut_one_and_the_detection(tmp_path):
    picture = face(seed=5001, size=64)
    whole, cut, found, sides = crop_file((str(write(tmp_path / "1.png", picture)), (0, 1), 48))
    assert sides == (64, 64)
    assert found == detect(picture, (0, 1), DETECTOR) is not None
    assert np.array_equal(whole, cv2.resize(picture, (48, 48)))
    box = picture[found.top : found.bottom, found.left : found.right]
    assert np.array_equal(cut, cv2.resize(box, (48, 48)))


def test_a_file_without_a_face_gives_a_black_cut(tmp_path):
    picture = scene(1)
    whole, cut, found, _ = crop_file((str(write(tmp_path / "1.png", picture)), (1,), 48))
    assert found is None and np.array_equal(whole, picture)
    assert cut.shape == (48, 48) and cut.dtype == np.uint8 and not cut.any()


def test_an_unreadable_file_is_named(tmp_path):
    path = tmp_path / "17.jpg"
    path.write_bytes(b"no image")
    with pytest.raises(ValueError, match=r"17\.jpg: not an image .*fetch"):
        crop_file((str(path), (1,), 48))


def test_the_table_has_a_row_per_image_empty_where_no_face_was_found(tmp_path):
    entries = [("train", "sad", tmp_path / "7.jpg"), ("test", "fear", tmp_path / "8.png")]
    faces = [Detection(1, 2, 30, 40, 2, 0.5), None]
    table = detection_table(entries, faces, [(48, 50), (100, 90)])
    assert list(table) == COLUMNS
    assert table.iloc[0].tolist() == ["train", "sad", "7", 48, 50, 1, 2, 1, 2, 30, 40, 0.5]
    assert table.iloc[1, :6].tolist() == ["test", "fear", "8", 100, 90, 0]
    assert table.iloc[1, 6:].isna().all()
    assert table.to_csv(index=False).splitlines()[1:] == [
        "train,sad,7,48,50,1,2,1,2,30,40,0.5",
        "test,fear,8,100,90,0,,,,,,",
    ]


def test_the_table_keeps_its_columns_and_whole_numbers_where_no_image_has_a_face(tmp_path):
    table = detection_table([("train", "sad", tmp_path / "7.jpg")], [None], [(48, 48)])
    assert list(table) == COLUMNS
    assert all(table[column].dtype == pd.Int64Dtype() for column in BOX)


def test_a_table_of_other_length_than_the_images_is_refused(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        detection_table([("train", "sad", tmp_path / "7.jpg")], [], [(48, 48)])
