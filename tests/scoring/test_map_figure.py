"""ferd.scoring.map_figure: the colours are where the map is high."""

import cv2
import numpy as np
import pytest

from ferd.scoring.map_figure import draw_map


def test_the_face_stands_beside_itself_under_the_map(tmp_path):
    attention = np.zeros((6, 6))
    attention[5, 0] = 1
    draw_map(np.full((48, 48), 100.0), attention, tmp_path / "new" / "a.png")
    picture = cv2.imread(str(tmp_path / "new" / "a.png")).astype(int)
    plain, under = np.hsplit(picture, 2)
    assert (plain == 100).all()
    height, width = under.shape[:2]
    assert under[-5, 5].sum() > under[5, -5].sum() + 100
    assert (height, width) == (288, 288)


def test_a_path_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        draw_map(np.zeros((8, 8)), np.ones((2, 2)), tmp_path / "file" / "a.png")
