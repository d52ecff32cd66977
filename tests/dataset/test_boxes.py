"""ferd.dataset.crop.boxes: boxes are in pixels of the stored image, not of the original file."""

import cv2
import numpy as np
import pandas as pd
import pytest

from ferd.dataset.crop.boxes import read_boxes
from ferd.dataset.crop.crop_files import crop_file, detection_table
from ferd.imaging.framing import median_framing
from tests.helpers.sketches import face

EDGES = ["left", "top", "right", "bottom"]


@pytest.fixture
def table(tmp_path):
    """data/crops.csv of one face at its own size, the same twice as large, and an empty image."""
    picture = face(seed=5001, size=64)
    large = picture.repeat(2, axis=0).repeat(2, axis=1)
    empty = np.zeros((40, 60), np.uint8)
    entries, found, sides = [], [], []
    for number, image in enumerate((picture, large, empty)):
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), image)
        *_, detection, size = crop_file((str(path), (1,), 48))
        entries.append(("train", "sad", path))
        found.append(detection)
        sides.append(size)
    detection_table(entries, found, sides).to_csv(tmp_path / "crops.csv", index=False)
    return tmp_path / "crops.csv", found


def test_a_box_is_scaled_to_the_side_that_the_images_are_kept_at(table):
    path, found = table
    boxes = read_boxes(32, path)
    assert list(boxes) == EDGES
    assert list(boxes.index) == ["train/sad/0", "train/sad/1", "train/sad/2"]
    for row, factor in ((0, 32 / 64), (1, 32 / 128)):
        expected = [getattr(found[row], edge) * factor for edge in EDGES]
        assert boxes.iloc[row].tolist() == expected
    assert boxes.iloc[2].isna().all()


def test_at_the_files_own_side_boxes_are_as_written(table):
    path, _ = table
    written = pd.read_csv(path)
    assert read_boxes(64, path).iloc[0].tolist() == written.loc[0, EDGES].tolist()


def test_framing_does_not_depend_on_the_side_that_the_images_are_kept_at(table):
    path, _ = table
    first, *others = (
        median_framing(read_boxes(size, path).iloc[:2], size) for size in (48, 32, 224)
    )
    assert all(framing == pytest.approx(first) for framing in others)
