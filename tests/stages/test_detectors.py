"""stages/detectors.py: the framing of a detector, and images as the network's input."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from ferd.imaging.framing import Framing
from stages import detectors
from tests.helpers.code import ROOT

NONE = [np.nan] * 4
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 24, 24), "uint8")


class Train(SimpleNamespace):
    def __len__(self):
        return len(self.images)


def test_the_framing_is_that_of_the_images_with_a_face():
    boxes = np.array([[4, 6, 20, 22], [2, 4, 22, 24], NONE])
    fitted = detectors.fit(Train(images=IMAGES), boxes)
    assert fitted["train"] == {"images": 3, "found": 2}
    wanted = {"left": -0.175, "top": -0.2875, "right": 1.175, "bottom": 1.0625}
    assert fitted["framing"] == pytest.approx(wanted)


def test_where_no_image_shows_a_face_the_framing_is_the_box():
    fitted = detectors.fit(Train(images=IMAGES), np.array([NONE] * 3))
    assert fitted == {"framing": Framing()._asdict(), "train": {"images": 3, "found": 0}}


@pytest.mark.parametrize("size", [24, 48])
def test_images_are_shown_in_the_networks_size_whole_without_a_box(size):
    boxes = np.array([[0, 0, 12, 24], NONE, [0, 0, 24, 24]])
    shown = detectors.framed(IMAGES, boxes, Framing(), size)
    assert shown.shape == (3, size, size) and shown.dtype == np.uint8
    if size == 24:
        assert np.array_equal(shown[1:], IMAGES[1:]) and not np.array_equal(shown[0], IMAGES[0])


def test_the_package_has_the_framings_that_were_measured():
    measured = json.loads((ROOT / "metrics/details/detectors.json").read_text())["detectors"]
    packaged = json.loads((ROOT / "ferd/models/detectors.json").read_text())["framing"]
    assert packaged == {name: one["framing"] for name, one in measured.items()}
