"""ferd.inference.occlusion: a map is high where the network depends on the face only."""

import numpy as np
import pytest

from ferd.inference.occlusion import occlusion_map
from tests.helpers.sketches import face

FACE = face("happy", 100)


def looks_at(rows, columns, wanted=0):
    """A made-up network: class `wanted` is likelier the more of FACE is visible in this part."""

    def probabilities(images):
        same = (images[:, rows, columns] == FACE[rows, columns]).mean(axis=(1, 2))
        answers = np.zeros((len(images), 7))
        answers[:, wanted] = 0.4 + 0.5 * same
        answers[:, wanted - 1] = 1 - answers[:, wanted]
        return answers

    return probabilities


@pytest.mark.parametrize("wanted", [0, 6])
def test_a_network_that_looks_at_one_corner_makes_that_corner_hot_and_no_other_part(wanted):
    grid = occlusion_map(FACE, looks_at(slice(42, 48), slice(0, 6), wanted))
    assert grid.shape == (8, 8) and grid.argmax() == 56
    assert grid[7, 0] == pytest.approx(0.5, abs=0.02)
    assert np.all(grid[6:, :2] > 0.05)
    grid[6:, :2] = 0
    assert np.allclose(grid, 0)


def test_a_part_that_speaks_against_the_answer_is_below_0():
    network = looks_at(slice(0, 6), slice(42, 48))

    def turned(images):
        answers = network(images)
        answers[:, 0] = 0.8 - 0.2 * answers[:, 0]
        answers[:, 6] = 1 - answers[:, 0]
        return answers

    grid = occlusion_map(FACE, turned)
    assert grid.argmin() == 7 and grid[0, 7] < -0.05 and grid.max() == 0


def test_covering_plain_gray_with_its_own_gray_changes_nothing():
    plain = np.full((48, 48), 77, "uint8")
    assert not occlusion_map(plain, lambda images: images[:, :7, 5] / images.sum()).any()


def test_every_pixel_is_covered_as_often_as_its_neighbours_and_the_face_is_left_alone():
    seen = []

    def probabilities(images):
        seen.append(images.copy())
        return np.full((len(images), 7), 1 / 7)

    bright = np.full((48, 48), 10, "uint8")
    bright[0, 0] = 250
    before = bright.copy()
    occlusion_map(bright, probabilities, cells=6)
    assert np.array_equal(bright, before) and np.array_equal(seen[0][0], before)
    covered = (seen[0][1:] != before).sum(axis=0)
    assert len(seen[0]) == 37 and covered[0, 0] == 1
    marked = np.arange(48 * 48, dtype="uint32").reshape(48, 48) % 2 * 255
    occlusion_map(marked.astype("uint8"), probabilities, cells=6)
    times = (seen[1][1:] != seen[1][0]).sum(axis=0)
    assert np.all(times[4:44, 4:44] == 4) and times.min() == 1


def test_a_face_too_small_for_the_cells_is_refused():
    with pytest.raises(ValueError, match="4 pixels cannot be divided into 8"):
        occlusion_map(np.zeros((4, 4), "uint8"), lambda images: np.ones((len(images), 7)))
