"""ferd.inference.faces.carried: between searched frames boxes move on lines, where that is
right."""

import json

import numpy as np
import pytest

from ferd.cli.main import main
from ferd.inference.classifier import Classifier
from ferd.inference.faces import carried
from ferd.inference.faces.carried import between, filled, marked
from ferd.inference.faces.tracks import overlaps
from ferd.inference.reading.frames import Frame, Problem
from tests.helpers.predicting import photo, rgb, write_model, write_video

DARK, LIGHT = (np.full((90, 160, 3), level, np.uint8) for level in (40, 120))


def frame(number, source="a.mp4", pixels=DARK, rate=24.0, seconds=None):
    return Frame(source, number, pixels, rate, number / 24 if seconds is None else seconds)


def place(left, top=20, side=40, score=0.9):
    return (left, top, left + side, top + side, None, score)


def searched(items, every):
    return [is_searched for _, is_searched in marked(items, every)]


def carry(frames, places, every=4):
    """The boxes of frames, where `places` has those of the searched ones by number."""
    pairs = [
        ((item, is_searched), places[item.number] if is_searched else None)
        for item, is_searched in marked(frames, every)
    ]
    found = list(filled(pairs, every))
    assert [item for item, _ in found] == frames
    return [boxes for _, boxes in found]


def test_every_nth_frame_of_each_video_is_searched_and_all_photos():
    items = [frame(number) for number in range(5)] + [frame(0, "b.mp4"), frame(1, "b.mp4")]
    items += [Frame("c.png", 0, DARK)] * 2 + [Problem("d.mp4", "is no video")] * 2
    wanted = [True, False, False, True, False, True, False, True, True, True, True]
    assert searched(items, 3) == wanted and searched(items, 1) == [True] * 11


@pytest.mark.parametrize("rate, step", [(5, 1), (15, 1), (24, 3), (25, 3), (30, 3), (60, 7)])
def test_by_default_a_second_has_at_least_8_searches(rate, step):
    places = [
        number
        for number, one in enumerate(
            searched([frame(n, rate=float(rate)) for n in range(22)], None)
        )
        if one
    ]
    assert places == list(range(0, 22, step)) and (step == 1 or rate / step >= 8)


def test_few_large_frames_wait(monkeypatch):
    monkeypatch.setattr(carried, "MOST_PIXELS", 2 * 90 * 160)
    assert searched([frame(n) for n in range(4)], 30) == [True, False, True, False]


def test_boxes_move_on_lines_by_time_and_have_no_score():
    times = [0.0, 0.01, 0.05, 0.1]
    frames = [frame(n, seconds=time) for n, time in enumerate(times)]
    start, end = [place(0), place(90, 30, 20)], [place(92, 32, 20), place(10)]
    boxes = carry(frames, {0: start, 3: end}, 3)
    assert boxes[1] == [(1, 20, 41, 60, None, None), (90, 30, 110, 50, None, None)]
    assert boxes[2] == [(5, 20, 45, 60, None, None), (91, 31, 111, 51, None, None)]
    assert boxes[3] == end


def test_the_largest_carried_box_is_the_first():
    pairs = [(place(0, side=20), place(0, side=40)), (place(90, side=30), place(90, side=30))]
    assert [box[0] for box in between(pairs, 0.1)] == [90, 0]
    assert [box[0] for box in between(pairs, 0.9)] == [0, 90]


@pytest.mark.parametrize(
    "after",
    [
        [],
        [place(10), place(100)],
        [place(30)],  # an overlap of a seventh
        [place(10, side=70)],
    ],
)
def test_frames_are_searched_where_a_face_comes_goes_or_moves_far(after):
    assert carry([frame(n) for n in range(5)], {0: [place(10)], 4: after}) == [
        [place(10)],
        None,
        None,
        None,
        after,
    ]


def test_frames_are_searched_at_a_cut_at_the_end_and_before_another_video():
    still = {0: [place(10)], 2: [place(10)]}
    cut = [frame(0), frame(1), frame(2, pixels=LIGHT), frame(3, pixels=LIGHT)]
    assert carry(cut, still, 2) == [[place(10)], None, [place(10)], None]
    videos = [frame(0), frame(1), frame(0, "b.mp4"), frame(1, "b.mp4"), Problem("b.mp4", "is cut")]
    found = filled(
        [((item, n % 2 == 0), [] if n in (0, 2, 4) else None) for n, item in enumerate(videos)], 2
    )
    assert [boxes for _, boxes in found] == [[], None, [], None, []]


def test_by_default_frames_far_apart_in_time_are_searched():
    frames = [frame(n, seconds=second) for n, second in enumerate([0, 1, 2, 3.0])]
    still = {0: [place(10)], 3: [place(10)]}
    assert carry(frames, still, None)[1] is None
    assert carry(frames, still, 3)[1] == [(10, 20, 50, 60, None, None)]


def test_a_scene_without_faces_has_none_between():
    assert carry([frame(n) for n in range(3)], {0: [], 2: []}, 2) == [[], [], []]


def moving(number):
    """Two drawn faces that move to and fro; a frame and the places where they were pasted."""
    phase = 2 * np.pi * number / 40
    left, low = 60 + round(50 * np.sin(phase)), 120 + round(60 * np.cos(phase))
    tiles = [("happy", 1, 240, left, 40), ("sad", 3, 200, 380, low)]
    boxes = [(left, 40, left + 240, 280), (380, low, 580, low + 200)]
    return Frame("a.avi", number, rgb(photo(tiles, 640, 480)), 25.0, number / 25), boxes


@pytest.mark.parametrize("detector, length", [("fast", 40), ("dlib", 10)])
def test_carried_boxes_lie_where_searched_ones_do(tmp_path, detector, length):
    model = write_model(tmp_path / "tiny.onnx")
    classifier = Classifier.load(model, 2, detector=detector)
    frames = [moving(number)[0] for number in range(length)]
    whole = list(classifier.predict_frames(frames, 8))
    found = list(classifier.predict_frames(frames, 8, detect_every=None))
    assert [item for item, _ in found] == frames
    count = 0
    for (item, faces), (_, others) in zip(whole, found, strict=True):
        assert len(faces) == len(others) == 2
        if others[0].detector_score is not None:
            assert [vars(one) | {"emotion": 0} for one in faces] == [
                vars(one) | {"emotion": 0} for one in others
            ]
            continue
        count += 1
        sides = [
            np.array([(o.left, o.top, o.right, o.bottom) for o in one], float)
            for one in (faces, others)
        ]
        assert overlaps(*sides).max(axis=1).min() > 0.7, item.number
    assert count >= length // 2


def test_the_option_of_the_command(tmp_path, capsys):
    model = write_model(tmp_path / "tiny.onnx")
    path = write_video(tmp_path / "a.avi", [moving(0)[0].pixels] * 7)
    scores = {}
    for words in ([], ["--detect-every", "1"], ["--detect-every", "6"], ["--fps", "5"]):
        assert main(["predict", str(path), "--model", str(model), "--quiet", *words]) == 0
        rows = map(json.loads, capsys.readouterr().out.splitlines())
        scores[" ".join(words)] = [
            row["detector_score"] is not None for row in rows if not row["face"]
        ]
    assert scores[""] == [True, False, False] * 2 + [True]
    assert scores["--detect-every 1"] == [True] * 7
    assert scores["--detect-every 6"] == [True] + [False] * 5 + [True]
    assert all(scores["--fps 5"]) and len(scores["--fps 5"]) == 2
