"""benchmarks/detectors.py and its tables: what counts as found, and as a false box."""

import importlib
import sys
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from tests.helpers.settings import REPO


@pytest.fixture
def load(monkeypatch):
    def load(name):
        monkeypatch.syspath_prepend(str(REPO / "benchmarks"))
        for other in ("common", "detectors", "detecting", "detecting.table"):
            monkeypatch.delitem(sys.modules, other, raising=False)
        return importlib.import_module(name)

    return load


def box(left, top, side):
    return SimpleNamespace(left=left, top=top, right=left + side, bottom=top + side)


def test_a_face_counts_once_however_many_boxes_lie_on_it(load):
    count = load("detectors").count
    tiles = [(0, 0, 100), (200, 0, 50)]
    assert count(tiles, [box(20, 20, 60), box(30, 30, 40), box(120, 10, 40)]) == 1
    assert count(tiles, [box(20, 20, 60), box(205, 5, 40)]) == 2
    assert count(tiles, []) == 0 and count([], [box(0, 0, 9)]) == 0


def test_three_photos_of_four_have_faces_that_do_not_overlap(load):
    module = load("detectors")
    for seed in range(4):
        pixels, tiles = module.draw_photo(seed)
        assert pixels.shape == (*module.SIZE, 3) and pixels.dtype == np.uint8
        assert len(tiles) == (len(module.SIDES) if seed else 0)
        for (left, _, side), (following, _, _) in pairwise(tiles):
            assert left + side < following
        assert all(left + side <= module.SIZE[1] for left, _, side in tiles)


def test_speed_up_is_over_the_other_detectors(load):
    rows = {
        name: {"milliseconds_per_photo": value} for name, value in zip("ab", (2, 8), strict=True)
    }
    medians = {"fast": rows["a"], "dlib": rows["b"], "study": rows["a"]}
    assert load("detectors").compare(medians) == {"times_dlib": 4, "times_study": 1}


def test_table_of_the_accuracy_through_each_detector(load):
    scores = {"faces": 1200, "accuracy": 0.71, "low": 0.7, "high": 0.72}
    train = {"images": 1000, "found": 764}
    details = {"detectors": {"dlib": {"train": train, "test": {"detected": scores, "all": scores}}}}
    text = load("detecting.table").detector_table(details)
    assert "| a face is found | 1,200: 71.0 (70.0 to 72.0) |" in text
    assert text.endswith("Train images in which a face is found: dlib 76.4%.")
