"""benchmarks/dark.py: faces are darkened by 8-bit levels, scored as they are and stretched."""

from types import SimpleNamespace

import numpy as np
import pytest

from ferd.classes import CLASSES

RAMP = np.tile(np.linspace(10, 240, 48).astype("uint8"), (48, 1))


class Bright:
    """A network that predicts the first class for bright images, else the second."""

    classes = CLASSES

    def probabilities(self, images, batch_size):
        is_bright = np.array([image.max() > 128 for image in images])
        return np.eye(7)[np.where(is_bright, 0, 1)]


def test_levels_are_multiplied_and_rounded(load):
    dark = load("dark")
    assert dark.darkened(np.array([0, 6, 7, 255], "uint8"), 8).tolist() == [0, 0, 1, 20]
    assert np.array_equal(dark.darkened(RAMP, 100), RAMP)


def test_only_very_dark_images_are_stretched_and_scored_again(load):
    dark = load("dark")
    images = np.stack([RAMP, dark.darkened(RAMP, 8)])
    classifier = SimpleNamespace(network=Bright())
    row = dark.score("ferd", images, np.array([0, 0]), classifier)
    assert row == {"ferd": 50.0, "ferd_stretched": 100.0, "stretched": 50.0}
    assert "stretched" not in dark.score("compact", images, np.array([0, 0]), classifier)


def test_images_without_a_face_are_searched_both_ways(load):
    dark = load("dark")
    detector = SimpleNamespace(find=lambda image: [1] if image.max() > 128 else [])
    found = dark.search(np.stack([dark.darkened(RAMP, 8)]), detector)
    assert found == {"found": 0.0, "found_stretched": 100.0}
    assert dark.enlarge(RAMP).shape == (288, 288)


def test_the_table_has_a_row_for_each_brightness(load):
    numbers = {"stretched": 99.9, "ferd": 15.2, "ferd_stretched": 65.0, "annotators": 9.7}
    numbers |= {"annotators_stretched": 90.0, "compact": 14.7, "compact_stretched": 82.3}
    numbers |= {"found": 8.7, "found_stretched": 86.0}
    section = {"faces": 1000, "fewer": 200, "rows": {"5%": numbers, "100%": numbers}}
    block = load("detecting.dark_table").dark_block(section)
    rows = [line for line in block.splitlines() if line.startswith("| 5%")]
    assert "99.9 | 15.2 | 65.0" in rows[0] and "9.7, 90.0 | 14.7, 82.3 | 8.7, 86.0" in rows[1]
    assert " on 1,000 images " in block and "first 200 of them" in block


def test_results_are_of_faces_that_stretching_helps_and_changes_no_bright_ones(load):
    import json

    rows = json.loads(load("common").RESULTS.read_text())["dark"]["rows"]
    assert rows["8%"]["ferd_stretched"] > rows["8%"]["ferd"] + 10
    assert rows["100%"]["ferd_stretched"] == pytest.approx(rows["100%"]["ferd"], abs=0.5)
