"""ferd.imaging.framing: the crop is the box, or the box extended by the measured framing."""

import numpy as np
import pytest

from ferd.imaging.detector import Detection, crop
from ferd.imaging.framing import Framing, cut, median_framing, sides

GENERATOR = np.random.default_rng(0)
IMAGE = GENERATOR.integers(0, 256, (60, 80), dtype=np.uint8)
FACE = Detection(10, 20, 50, 50, 1, 0.5)


def test_framing_of_the_box_alone_gives_the_studys_crop():
    assert np.array_equal(cut(IMAGE, FACE, Framing(), 48), crop(IMAGE, FACE, 48))
    assert sides(FACE, Framing()) == (10, 20, 50, 50)


def test_whole_image_is_shown_whole_under_any_framing():
    wide = Framing(-1, -1, 2, 2)
    assert np.array_equal(cut(IMAGE, None, wide, 48), crop(IMAGE, None, 48))


def test_framing_inside_the_image_shows_those_pixels_unchanged():
    framing = Framing(-0.1, -0.2, 1.1, 1.3)  # 4 left and right of 40; 6 above and 9 below of 30
    assert sides(FACE, framing) == (6, 14, 54, 59)
    square = Detection(20, 20, 40, 40, 1, 0.5)
    shown = cut(IMAGE, square, Framing(-0.5, -0.5, 1.5, 1.5), 40)
    assert np.array_equal(shown, IMAGE[10:50, 10:50])


def test_beyond_the_image_its_edge_is_repeated():
    corner = Detection(0, 0, 20, 20, 1, 0.5)
    shown = cut(IMAGE, corner, Framing(-0.5, -0.5, 1.5, 1.5), 40)
    assert np.array_equal(shown[10:, 10:], IMAGE[:30, :30])
    assert (shown[:11, :11] == IMAGE[0, 0]).all()
    assert np.array_equal(shown[0, 10:], IMAGE[0, :30])


def test_every_pixel_of_a_large_face_counts():
    """Linear interpolation would skip most of these stripes."""
    stripes = np.zeros((400, 400), np.uint8)
    stripes[:, ::2] = 200
    face = Detection(0, 0, 399, 399, 1, 0.5)
    shown = cut(stripes, face, Framing(0, 0, 1, 1.002), 40)
    assert np.abs(shown.astype(int) - 100).max() <= 12


def test_framing_is_the_median_place_of_the_edges_as_seen_from_the_box():
    boxes = [(4, 8, 44, 48), (0, 0, 48, 48), (8, 8, 40, 40)]
    framing = median_framing(boxes, 48)
    assert framing == pytest.approx((-0.1, -0.2, 1.1, 1.0))
    assert sides(Detection(*boxes[0], 1, 0.5), framing) == (0, 0, 48, 48)
