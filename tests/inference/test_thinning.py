"""ferd.inference.reading.thinning: each nth frame, or so many a second, by the stream's own
numbers."""

import numpy as np
import pytest

from ferd.inference.reading.media import read_media
from ferd.inference.reading.thinning import Thinning
from tests.helpers.predicting import save, write_video


def kept(times, thinning):
    last, found = None, []
    for number, seconds in enumerate(times):
        if thinning.keeps(number, seconds, last):
            last = seconds
            found.append(number)
    return found


def test_each_third_frame():
    assert kept([0.1] * 8, Thinning(every=3)) == [0, 3, 6]


@pytest.mark.parametrize(
    "rate, fps, wanted",
    [
        (25, 5, [0, 5, 10, 15, 20]),
        (25, 10, [0, 3, 5, 8, 10, 13, 15, 18, 20, 23]),
        (25, 0.5, [0]),
        (25, 25, list(range(25))),
        (25, 100, list(range(25))),
        (29.97, 29.97, list(range(25))),
    ],
)
def test_so_many_frames_a_second(rate, fps, wanted):
    assert kept([number / rate for number in range(25)], Thinning(fps=fps)) == wanted
    in_milliseconds = [round(number / rate, 3) for number in range(25)]
    assert kept(in_milliseconds, Thinning(fps=fps)) == wanted


def test_a_variable_rate_is_thinned_by_time():
    times = [0, 0.01, 0.02, 0.5, 0.51, 3.0, 3.2, 3.4, 3.6]
    assert kept(times, Thinning(fps=2)) == [0, 3, 5, 8]


@pytest.mark.parametrize("thinning, rate", [(Thinning(4), 5.0), (Thinning(fps=5), 5.0)])
def test_frames_of_a_thinned_video_keep_their_numbers_and_times(tmp_path, thinning, rate):
    frames = [np.full((64, 96), 20 * number, np.uint8) for number in range(1, 11)]
    write_video(tmp_path / "a.avi", frames, rate=20.0)
    save(tmp_path / "b.png")
    *found, photo = read_media([tmp_path], thinning=thinning)
    assert [frame.number for frame in found] == [0, 4, 8]
    assert [frame.seconds for frame in found] == pytest.approx([0, 0.2, 0.4])
    assert {frame.rate for frame in found} == {rate}
    assert [frame.pixels.mean() for frame in found] == pytest.approx([20, 100, 180], abs=5)
    assert (photo.number, photo.seconds) == (0, None)


def test_the_rate_of_few_frames_is_the_streams():
    assert Thinning(fps=60).rate(25.0) == 25.0 == Thinning().rate(25.0)
