"""ferd.inference.writing.annotate: boxes are on the faces; captions are readable and inside the
picture."""

from types import SimpleNamespace

import numpy as np
import pytest

from ferd.inference.writing.annotate import BLACK, YELLOW, annotate, caption

BOX = SimpleNamespace(left=200, top=150, right=300, bottom=260)
NOISE = np.random.default_rng(0).integers(0, 256, (400, 640, 3), dtype=np.uint8)


def box(left, top, right, bottom):
    return SimpleNamespace(left=left, top=top, right=right, bottom=bottom)


def changed(before, after):
    """Top, bottom, left and right of what differs."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return rows.min(), rows.max(), columns.min(), columns.max()


def is_light(pixels):
    return (pixels > 180).all(axis=-1)


def test_the_frame_itself_is_left_as_it_is():
    before = NOISE.copy()
    drawn = annotate(NOISE, [BOX], ["happy 90%"])
    assert np.array_equal(NOISE, before) and not np.array_equal(drawn, before)
    assert not np.shares_memory(annotate(NOISE, [], []), NOISE)


def test_without_faces_nothing_is_drawn():
    assert np.array_equal(annotate(NOISE, [], []), NOISE)


def test_the_box_runs_along_the_faces_edge_and_leaves_its_inside():
    drawn = annotate(NOISE, [BOX], [""])
    for row, column in ((200, 200), (200, 299), (259, 250), (150, 270)):
        assert tuple(drawn[row, column]) == YELLOW
    assert np.array_equal(drawn[170:250, 210:290], NOISE[170:250, 210:290])
    outside = drawn.copy()
    outside[120:270, 190:310] = NOISE[120:270, 190:310]
    assert np.array_equal(outside, NOISE)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_caption_is_white_on_black_and_a_box_has_both_tones_on_any_ground(level):
    ground = np.full((400, 640, 3), level, np.uint8)
    drawn = annotate(ground, [BOX], ["surprise 100%"])
    strip = drawn[130:148, 200:310].reshape(-1, 3)
    assert is_light(strip).sum() > 100 and (strip == BLACK).all(axis=1).sum() > 500
    line = {tuple(pixel) for pixel in drawn[220, 190:210].tolist()}
    assert {BLACK, YELLOW} <= line


CORNERS = [(0, 0, 60, 60), (580, 0, 640, 60), (0, 340, 60, 400), (580, 340, 640, 400)]


@pytest.mark.parametrize("corner", CORNERS)
def test_the_whole_caption_lies_inside_the_frame(corner):
    ground = np.full((400, 640, 3), 128, np.uint8)
    drawn = annotate(ground, [box(*corner)], ["surprise 100%"])
    inner = annotate(ground, [BOX], ["surprise 100%"])
    white = [is_light(picture).sum() for picture in (drawn, inner)]
    assert white[0] == white[1] > 100


def test_a_caption_lies_over_the_boxes_of_other_faces():
    below = box(180, 60, 420, 147)
    drawn = annotate(NOISE, [BOX, below], ["happy 90%", "sad 80%"])
    alone = annotate(NOISE, [BOX], ["happy 90%"])
    assert np.array_equal(drawn[130:145, 202:280], alone[130:145, 202:280])


def test_small_frames_are_enlarged_by_a_whole_number_so_that_the_caption_fits():
    small = NOISE[:48, :48]
    drawn = annotate(small, [box(10, 10, 40, 40)], ["surprise 100%"])
    assert drawn.shape == (336, 336, 3)
    assert np.array_equal(drawn[-7:, -7:], np.broadcast_to(small[-1, -1], (7, 7, 3)))
    top, bottom, left, right = changed(np.repeat(np.repeat(small, 7, 0), 7, 1), drawn)
    assert abs(bottom - 279) < 3 and abs(left - 70) < 3 and top < 70 and right >= 279


def test_lines_grow_with_the_frame():
    thickness = []
    for factor in (1, 4):
        ground = np.full((400 * factor, 640 * factor, 3), 128, np.uint8)
        place = (200 * factor, 150 * factor, 300 * factor, 260 * factor)
        drawn = annotate(ground, [box(*place)], [""])
        thickness.append((drawn[220 * factor, : 250 * factor] == YELLOW).all(axis=1).sum())
    assert thickness[1] > 2.5 * thickness[0] > 0


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (900, 2, 3)])
def test_tiny_and_very_long_frames_are_drawn_on(shape):
    frame = np.zeros(shape, np.uint8)
    assert annotate(frame, [box(0, 0, shape[1], shape[0])], ["happy 90%"]).dtype == np.uint8


def test_every_face_needs_a_caption():
    with pytest.raises(ValueError):
        annotate(NOISE, [BOX], [])


def test_the_caption_says_label_and_per_cent():
    assert caption("happy", 0.876) == "happy 88%"
