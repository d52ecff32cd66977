"""Gives the faces of a video numbers that stay from frame to frame: the same number, one track.

The boxes of a frame are matched with the boxes at which the tracks are expected, by their overlap.

Reference:
    - Simple online and realtime tracking, Bewley et al., 2016, https://arxiv.org/abs/1602.00763:
      boxes matched by the Hungarian method at the largest total intersection over union, at a
      constant velocity
    - Hard to track objects with irregular motions and similar appearances?, Yang et al., 2023,
      https://arxiv.org/abs/2211.13509: boxes enlarged before they are compared, so that a face is
      followed where few frames are predicted
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAP = 1.0  # seconds: a track ends if its face is not found for longer, and
GAP_FRAMES = 2  # in more frames than these
ENLARGED = 0.3  # share of a box's width and height that is added at each side
LEAST_OVERLAP = 0.2  # of enlarged boxes; equal boxes have it about one width apart
STEADY = 0.5  # seconds over which a velocity is averaged, because found boxes jitter

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Track:
    """One face in the frames so far.

    Args:
        number: Its number, from 0 in each video.
        box: Where it was found last.
        seconds: When it was found last.
        velocity: Of its centre, to the right and down, in pixels per second.
        missed: Frames since then in which it was not found.
    """

    number: int
    box: Box
    seconds: float
    velocity: tuple[float, float] = (0.0, 0.0)
    missed: int = 0


@dataclass(frozen=True)
class Tracks:
    """The tracks that have not ended, and the number of the next new one."""

    current: tuple[Track, ...] = ()
    following: int = 0


def follow(tracks: Tracks, boxes: Sequence[Box], seconds: float) -> tuple[Tracks, list[int]]:
    """Follows the faces into the next frame.

    Args:
        tracks: The tracks before the frame.
        boxes: The boxes of the frame's faces.
        seconds: The frame's time.

    Returns:
        Tuple: the tracks after the frame, and the number of each box's track. A track ends when its
        face was not found for more than `GAP` seconds and in more than `GAP_FRAMES` frames.
    """
    expected = [_expected(track, seconds) for track in tracks.current]
    found = {one: box for box, one in assign(boxes, expected).items()}
    kept = [
        _moved(track, boxes[found[one]], seconds) if one in found else _missed(track)
        for one, track in enumerate(tracks.current)
    ]
    numbers = {box: tracks.current[one].number for one, box in found.items()}
    new = [box for box in range(len(boxes)) if box not in numbers]
    numbers |= {box: tracks.following + place for place, box in enumerate(new)}
    kept += [Track(numbers[box], boxes[box], seconds) for box in new]
    going_on = tuple(track for track in kept if not _has_ended(track, seconds))
    return Tracks(going_on, tracks.following + len(new)), [
        numbers[box] for box in range(len(boxes))
    ]


def assign(boxes: Sequence[Box], expected: Sequence[Box]) -> dict[int, int]:
    """Matches boxes one to one, at the largest total overlap of the enlarged boxes.

    Args:
        boxes: The boxes of a frame.
        expected: The boxes at which faces are expected.

    Returns:
        Dict of places in `boxes` to places in `expected`, without pairs that overlap less than
        `LEAST_OVERLAP`.
    """
    if not boxes or not expected:
        return {}
    # Imported here: the import takes a fifth of a second, and photos do not need it.
    from scipy.optimize import linear_sum_assignment

    overlap = overlaps(_enlarged(boxes), _enlarged(expected))
    # Pairs that are too far apart must not decide between the others.
    overlap[overlap < LEAST_OVERLAP] = 0.0
    pairs = zip(*linear_sum_assignment(overlap, maximize=True), strict=True)
    return {int(one): int(other) for one, other in pairs if overlap[one, other] > 0}


def overlaps(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Computes the intersection over union of all pairs of boxes.

    Args:
        boxes: Left, top, right and bottom, shape `(n, 4)`.
        others: The same, shape `(m, 4)`.

    Returns:
        Shape `(n, m)`, from 0 to 1.
    """
    start = np.maximum(boxes[:, None, :2], others[None, :, :2])
    end = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = np.prod(np.clip(end - start, 0, None), axis=2)
    areas = [np.prod(one[:, 2:] - one[:, :2], axis=1) for one in (boxes, others)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    share: NDArray[np.float64] = np.divide(
        shared, union, out=np.zeros_like(shared), where=union > 0
    )
    return share


def smoothed(
    before: Mapping[str, float], now: Mapping[str, float], passed: float, smooth: float
) -> dict[str, float]:
    """Averages probabilities over time: an exponential moving average.

    Args:
        before: The average so far, by class.
        now: The probabilities of this frame.
        passed: Seconds since the average was taken.
        smooth: The time constant in seconds: after so long, what was before weighs 1/e.

    Returns:
        The average, by class.
    """
    weight = math.exp(-passed / smooth)
    return {name: weight * before[name] + (1 - weight) * share for name, share in now.items()}


def _enlarged(boxes: Sequence[Box]) -> NDArray[np.float64]:
    sides = np.array(boxes, np.float64).reshape(-1, 4)
    more = ENLARGED * (sides[:, 2:] - sides[:, :2])
    return np.concatenate([sides[:, :2] - more, sides[:, 2:] + more], axis=1)


def _expected(track: Track, seconds: float) -> Box:
    passed = min(seconds - track.seconds, GAP)
    right, down = (speed * passed for speed in track.velocity)
    left, top, end, bottom = track.box
    return (left + right, top + down, end + right, bottom + down)


def _moved(track: Track, box: Box, seconds: float) -> Track:
    passed = max(seconds - track.seconds, 1e-3)
    weight = math.exp(-passed / STEADY)
    right, down = (
        weight * speed + (1 - weight) * way / passed
        for speed, way in zip(track.velocity, _way(track.box, box), strict=True)
    )
    return Track(track.number, box, seconds, (right, down))


def _way(before: Box, now: Box) -> tuple[float, float]:
    return (
        (now[0] + now[2] - before[0] - before[2]) / 2,
        (now[1] + now[3] - before[1] - before[3]) / 2,
    )


def _missed(track: Track) -> Track:
    return Track(track.number, track.box, track.seconds, track.velocity, track.missed + 1)


def _has_ended(track: Track, seconds: float) -> bool:
    return seconds - track.seconds > GAP and track.missed > GAP_FRAMES
