"""ferd.dataset.copies.shifted_copies: shifted and mirrored copies are found, others not."""

import cv2
import numpy as np
import pytest

from ferd.dataset.copies.shifted_copies import MOVE, halve, nearest_moved

GENERATOR = np.random.default_rng(0)


def pictures(count, side=40):
    """Smooth random pictures: like photos, they correlate with themselves shifted by a pixel."""
    noise = GENERATOR.integers(0, 256, (count, side // 8, side // 8), dtype=np.uint8)
    return np.stack([cv2.resize(one, (side, side), interpolation=cv2.INTER_CUBIC) for one in noise])


WIDE = pictures(6)
REFERENCES = np.ascontiguousarray(WIDE[:, 4:36, 4:36])


@pytest.mark.parametrize("down", [-MOVE, -1, 0, 3])
@pytest.mark.parametrize("right", [-3, 0, MOVE])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_moved_picture_is_found_at_every_move_and_mirrored(down, right, mirrored):
    query = WIDE[4:5, 4 + down : 36 + down, 4 + right : 36 + right]
    query = query[:, :, ::-1] if mirrored else query
    match = nearest_moved(query, REFERENCES, 0.5)
    assert match.index[0] == 4 and match.correlation[0] == pytest.approx(1, abs=1e-4)


def test_unrelated_pictures_stay_below():
    match = nearest_moved(pictures(20, 32), REFERENCES, 0.9)
    assert (match.correlation < 0.9).all()


def test_a_blank_picture_resembles_nothing():
    assert nearest_moved(np.full((1, 32, 32), 9, np.uint8), REFERENCES, 0.5).correlation[0] <= 0


def test_half_the_side_is_the_mean_of_four_pixels():
    image = np.array([[[0, 4, 10, 10], [8, 12, 10, 10]] + [[1, 1, 2, 2]] * 2], np.uint8)
    assert (halve(image) == [[[6, 10], [1, 2]]]).all()
