"""ferd.inference.faces.tracks: faces keep their numbers while they move, cross, hide and are
thinned."""

import math

import numpy as np
import pytest

from ferd.inference.faces.tracks import GAP, Tracks, assign, follow, overlaps, smoothed

SIZE = 80


def box(x, y=100, size=SIZE):
    return (x, y, x + size, y + size)


def numbers(frames, rate=25.0):
    """The track numbers of each frame's boxes; None stands for a box that is not found."""
    tracks, found = Tracks(), []
    for number, boxes in enumerate(frames):
        seen = [one for one in boxes if one is not None]
        tracks, given = follow(tracks, seen, number / rate)
        given = iter(given)
        found.append([None if one is None else next(given) for one in boxes])
    return found


def test_overlaps_are_intersections_over_unions():
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [0, 0, 0, 0]], float)
    found = overlaps(boxes, np.array([[0, 0, 10, 10], [20, 0, 30, 10]], float))
    assert found == pytest.approx(np.array([[1, 0], [50 / 150, 0], [0, 0]]))


@pytest.mark.parametrize("seed", range(20))
def test_each_box_and_each_place_is_matched_once_and_the_order_does_not_matter(seed):
    generator = np.random.default_rng(seed)
    boxes, places = ([box(*xy) for xy in generator.uniform(0, 400, (9, 2))] for _ in range(2))
    pairs = assign(boxes, places)
    assert len(set(pairs.values())) == len(pairs) > 0
    order = generator.permutation(9)
    shuffled = assign([boxes[one] for one in order], places)
    assert {order[one]: other for one, other in shuffled.items()} == pairs


def test_no_boxes_match_nothing():
    assert assign([], [box(0)]) == assign([box(0)], []) == {}
    assert follow(Tracks(), [], 0.0) == (Tracks(), [])


@pytest.mark.parametrize("speed, every", [(4, 1), (12, 1), (4, 5), (4, 12), (40, 1)])
def test_two_crossing_faces_keep_their_numbers(speed, every):
    frames = [[box(speed * n), box(speed * (150 - n), 110)] for n in range(0, 150, every)]
    assert all(given == [0, 1] for given in numbers(frames, 25 / every))


@pytest.mark.parametrize("seed", range(10))
def test_crossing_faces_that_jitter_and_hide_each_other_keep_their_numbers(seed):
    generator = np.random.default_rng(seed)
    frames = []
    for n in range(150):
        left, right = (x + generator.uniform(-4, 4) for x in (4 * n, 600 - 4 * n))
        hidden = abs(left - right) < 0.6 * SIZE  # the one behind is not found
        frames.append([box(left), None if hidden else box(right, 110)])
    given = numbers(frames)
    assert {pair[0] for pair in given} == {0} and {pair[1] for pair in given} == {1, None}


@pytest.mark.parametrize("every", [1, 2, 5, 25])
def test_a_face_that_is_missed_for_a_while_keeps_its_number(every):
    for lost, kept in ((GAP - 0.1, True), (GAP + 3 * every / 25 + 0.1, False)):
        gone = range(50, 50 + round(lost * 25))
        frames = [[None if n in gone else box(2 * n), box(900)] for n in range(0, 300, every)]
        given = numbers(frames, 25 / every)
        assert {pair[1] for pair in given} == {1}
        assert {pair[0] for pair in given} - {None} == ({0} if kept else {0, 2})


def test_a_face_that_jumps_is_another_one():
    assert numbers([[box(0)], [box(5)], [box(400)]]) == [[0], [0], [1]]


def test_a_new_face_gets_a_number_that_was_never_given():
    frames = [[box(0)], [box(0), box(300)], *[[box(0)]] * 60, [box(0), box(300)]]
    given = numbers(frames)
    assert given[1] == [0, 1] and given[-1] == [0, 2]


@pytest.mark.parametrize("seed", range(10))
def test_numbers_of_a_frame_differ_and_count_from_0(seed):
    generator = np.random.default_rng(seed)
    frames = [
        [box(*xy) for xy in generator.uniform(0, 500, (generator.integers(0, 6), 2))]
        for _ in range(60)
    ]
    given = numbers(frames)
    assert all(len(set(one)) == len(one) for one in given)
    seen = [number for one in given for number in one]
    assert set(seen) == set(range(max(seen) + 1))


def test_averages_weigh_what_was_before_by_its_age():
    before, now = {"sad": 1.0, "happy": 0.0}, {"sad": 0.2, "happy": 0.8}
    weight = math.exp(-0.5 / 2)
    found = smoothed(before, now, 0.5, 2.0)
    assert found == pytest.approx({"sad": weight + 0.2 * (1 - weight), "happy": 0.8 * (1 - weight)})
    assert sum(found.values()) == pytest.approx(1)
    twice = smoothed(smoothed(before, now, 0.25, 2.0), now, 0.25, 2.0)
    assert twice == pytest.approx(found)  # it does not depend on the rate of frames
