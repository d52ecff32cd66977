"""ferd.inference.faces.followed: tracks by video, ended by a scene cut, and averages over a
track."""

import numpy as np
import pytest

from ferd.inference.emotion import Face, likeliest
from ferd.inference.faces.followed import followed
from ferd.inference.faces.tracks import smoothed
from ferd.inference.reading.frames import Frame, Problem

DARK, LIGHT = (np.full((90, 160, 3), level, np.uint8) for level in (40, 120))


def face(left, happy=0.5):
    emotion = likeliest({"happy": happy, "sad": 1 - happy})
    return Face(left, 100, left + 80, 180, 0, 1.0, emotion)


def frame(number, source="a.mp4", pixels=DARK):
    return Frame(source, number, pixels, 25.0, number / 25)


def tracks(predicted):
    return [found for _, _, found in followed(predicted)]


def test_photos_and_problems_have_no_tracks_and_are_passed_on():
    photo, problem = Frame("a.png", 0, DARK), Problem("b.mp4", "is no video")
    given = [(photo, [face(0)]), (problem, [])]
    assert list(followed(given, 1.0)) == [(photo, [face(0)], None), (problem, [], None)]


def test_tracks_count_from_0_in_each_video():
    first = [(frame(number), [face(0), face(300)]) for number in range(3)]
    second = [(frame(number, "b.mp4"), [face(300)]) for number in range(3)]
    assert tracks(first + second) == [[0, 1]] * 3 + [[0]] * 3
    assert tracks(second + second) == [[0]] * 6  # the same file once more
    assert tracks([*first[1:], *first[1:]]) == [[0, 1]] * 4  # whose first frame is damaged


def test_a_scene_cut_ends_the_tracks_of_faces_in_the_same_place():
    shots = [frame(0), frame(1), frame(2, pixels=LIGHT), frame(3, pixels=LIGHT)]
    assert tracks([(shot, [face(0)]) for shot in shots]) == [[0], [0], [1], [1]]


def test_a_scene_that_changes_slowly_is_no_cut():
    shots = [frame(n, pixels=np.full((90, 160, 3), 20 * n, np.uint8)) for n in range(10)]
    assert tracks([(shot, [face(0)]) for shot in shots]) == [[0]] * 10


def test_probabilities_are_averaged_over_a_track_alone():
    shares = [1.0, 0.0, 0.0, 1.0]
    given = [(frame(n), [face(300, 0.5), face(0, share)]) for n, share in enumerate(shares)]
    wanted = {"happy": 1.0, "sad": 0.0}
    for (_, (still, found), _), share in zip(followed(given, 0.1), shares, strict=True):
        now = {"happy": share, "sad": 1 - share}
        wanted = smoothed(wanted, now, 0.04, 0.1)
        assert found.emotion.probabilities == pytest.approx(wanted)
        assert found.emotion == likeliest(found.emotion.probabilities)
        assert still.emotion.probabilities == pytest.approx({"happy": 0.5, "sad": 0.5})
    assert [one[1] for one in followed(given)] == [faces for _, faces in given]


def test_a_new_track_starts_its_average_anew():
    shots = [frame(0), frame(1, pixels=LIGHT)]
    given = [(shot, [face(0, share)]) for shot, share in zip(shots, (1.0, 0.2), strict=True)]
    *_, (_, (found,), numbers) = followed(given, 10.0)
    assert numbers == [1] and found.emotion.confidence == 0.8
