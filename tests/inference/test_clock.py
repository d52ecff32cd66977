"""ferd.inference.reading.clock: the stream's own time stamps, and the rate where there are none."""

import math

import pytest

from ferd.inference.reading.clock import StreamClock


def times(stamps, rate=10.0):
    """The times for stamps; None stands for a frame that cannot be read."""
    clock, found = StreamClock(rate), []
    for stamp in stamps:
        if stamp is None:
            clock.miss()
        else:
            found.append(clock.read(stamp))
    return pytest.approx(found)


@pytest.mark.parametrize(
    "stamps, wanted",
    [
        ([0.0, 0.1, 0.2], [0.0, 0.1, 0.2]),
        ([0.0, 0.04, 1.7, 1.8], [0.0, 0.04, 1.7, 1.8]),  # a variable rate
        ([0.0, 0.0, 0.0], [0.0, 0.1, 0.2]),  # no time stamps
        ([-0.08, 0.04, 0.08], [0.0, 0.04, 0.08]),  # reordered frames
        ([0.0, 0.3, 0.2, 0.4], [0.0, 0.3, 0.4, 0.5]),  # they go back
        ([0.0, None, None, 0.3], [0.0, 0.3]),
        ([0.0, None, None, 0.0], [0.0, 0.3]),
        ([None, None, 0.0, 0.0], [0.2, 0.3]),
        ([None, 0.1], [0.1]),
        ([9.2e14, 9.2e14, 9.2e14], [0.0, 0.1, 0.2]),  # they overflowed
        ([0.5, 0.6], [0.5, 0.6]),
    ],
)
def test_times_follow_the_stamps_and_never_go_back(stamps, wanted):
    assert times(stamps) == wanted


def test_a_constant_rate_is_told_from_a_variable_one():
    constant, variable = StreamClock(10.0), StreamClock(10.0)
    for number in range(100):
        constant.read(number / 10 + (3 if number > 50 else 0))
        variable.read(math.sqrt(number))
    assert constant.is_constant() and not variable.is_constant()
