"""Carries the boxes of faces over the frames of a video in which faces are not searched.

Between two searched frames each face moves on a straight line. Where that may be wrong, the frames
are searched, too: where a face appears, disappears or moves far, and at a scene cut.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ferd.inference.faces.cutting import Place
from ferd.inference.faces.scenes import is_cut, shrunk
from ferd.inference.faces.tracks import assign, overlaps
from ferd.inference.reading.frames import Frame, Problem

Pairs = list[tuple[Place, Place]]
Searched = tuple[Frame, list[Place]]
Item = TypeVar("Item")

LONGEST = 0.125  # seconds from one searched frame to the next, by default
STILL = 0.5  # intersection over union of a face's boxes in two searched frames, at least
MOST_PIXELS = 40_000_000  # in frames that wait for the next searched one


def marked(items: Iterable[Item], every: int | None) -> Iterator[tuple[Item, bool]]:
    """Chooses the frames of videos and cameras that are searched.

    Args:
        items: `Frame`s and anything else.
        every: n, to search every nth frame. If None, as few as leave at most `LONGEST` seconds
            from one to the next.

    Yields:
        Items, and whether they are searched: photos always.
    """
    last, count = None, 0
    for item in items:
        if not isinstance(item, Frame) or item.rate is None or item.seconds is None:
            yield item, True
            continue
        count = count + 1 if item.follows(last) else 0
        last = item
        step = every or max(1, math.floor(item.rate * LONGEST))
        # Few large frames wait, whatever the number.
        step = max(1, min(step, MOST_PIXELS // (item.pixels.size // 3)))
        yield item, count % step == 0


def filled(
    items: Iterable[tuple[tuple[Item, bool], list[Place] | Problem | None]], every: int | None
) -> Iterator[tuple[Item, list[Place] | Problem | None]]:
    """Fills in the boxes of frames between two searched ones.

    Args:
        items: What `marked` yields, with the boxes that were found in the searched items, or a
            `Problem`.
        every: As in `marked`.

    Yields:
        Items in their order, and their boxes; None where faces have to be searched.
    """
    before: Searched | None = None
    waiting: list[Any] = []
    longest = math.inf if every else 2 * LONGEST  # of streams whose rate varies
    for (item, _), places in items:
        if places is None:
            waiting.append(item)
            continue
        after = (item, places) if isinstance(item, Frame) and isinstance(places, list) else None
        yield from _carried(before, waiting, after, longest)
        yield item, places
        before, waiting = after, []
    yield from _carried(before, waiting, None, longest)


def _carried(
    before: Searched | None, waiting: Sequence[Any], after: Searched | None, longest: float
) -> Iterator[tuple[Any, list[Place] | None]]:
    """Frames that lie between two searched ones, with their boxes."""
    pairs = _pairs(before, after, longest) if before and after and waiting else None
    for frame in waiting:
        if pairs is None or before is None or after is None:
            yield frame, None
        else:
            way = max(_passed(before[0], after[0]), 1e-6)
            yield frame, between(pairs, _passed(before[0], frame) / way)


def between(pairs: Pairs, share: float) -> list[Place]:
    """Boxes on a straight line from one to the other.

    Args:
        pairs: The boxes of each face in two frames.
        share: 0 for the first frame, 1 for the second.

    Returns:
        The largest first, without level and score.
    """
    lines = [
        [round(start + share * (end - start)) for start, end in zip(one[:4], two[:4], strict=True)]
        for one, two in pairs
    ]
    places: list[Place] = [(*line, None, None) for line in lines]  # type: ignore[misc]
    return sorted(places, key=lambda one: (one[2] - one[0]) * (one[3] - one[1]), reverse=True)


def _pairs(before: Searched, after: Searched, longest: float) -> Pairs | None:
    """The boxes of each face; None if there is not exactly one close one for each."""
    (first, one), (second, two) = before, after
    if len(one) != len(two) or not second.follows(first):
        return None
    if _passed(first, second) > longest or is_cut(shrunk(first.pixels), shrunk(second.pixels)):
        return None
    found = assign([place[:4] for place in one], [place[:4] for place in two])
    shared = overlaps(_sides(one), _sides(two))
    if len(found) < len(one) or any(shared[pair] < STILL for pair in found.items()):
        return None
    return [(one[place], two[other]) for place, other in found.items()]


def _sides(places: list[Place]) -> NDArray[np.float64]:
    return np.array([place[:4] for place in places], np.float64).reshape(-1, 4)


def _passed(first: Frame, second: Frame) -> float:
    """Seconds from one frame to the other."""
    return (second.seconds or 0.0) - (first.seconds or 0.0)
