"""Follows the faces of videos and cameras, and averages what is predicted for each over time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from ferd.inference.emotion import Face, likeliest
from ferd.inference.faces.scenes import is_cut, shrunk
from ferd.inference.faces.tracks import Tracks, follow, smoothed
from ferd.inference.reading.frames import Frame, Problem

Item = Frame | Problem


def followed(
    predicted: Iterable[tuple[Item, list[Face]]], smooth: float | None = None
) -> Iterator[tuple[Item, list[Face], list[int] | None]]:
    """Gives each face of a video the number of its track.

    Args:
        predicted: As `ferd.inference.classifier.Classifier.predict_frames` yields them.
        smooth: Time constant, in seconds, of the average over each track, as in
            `ferd.inference.faces.tracks.smoothed`; no average if None.

    Yields:
        `(item, faces, tracks)`. `tracks` has the number of each face's track, from 0 in each
        video; it is None for a photo or a `Problem`. A scene cut ends all tracks.
    """
    last, follower = None, Follower(smooth)
    for item, faces in predicted:
        if not isinstance(item, Frame) or item.seconds is None:
            yield item, faces, None
            continue
        if not item.follows(last):
            follower = Follower(smooth)
        last = item
        yield item, *follower.add(item.pixels, item.seconds, faces)


class Follower:
    """Follows the faces of one video.

    Args:
        smooth: As in `followed`.
    """

    def __init__(self, smooth: float | None = None) -> None:
        self._smooth = smooth
        self._tracks = Tracks()
        self._small: NDArray[Any] | None = None
        self._averages: dict[int, tuple[float, dict[str, float]]] = {}

    def add(
        self, pixels: NDArray[Any], seconds: float, faces: Sequence[Face]
    ) -> tuple[list[Face], list[int]]:
        """Adds the next frame.

        Args:
            pixels: uint8 RGB.
            seconds: The frame's time.
            faces: The frame's faces.

        Returns:
            Tuple: the faces, with averaged probabilities unless `smooth` is None, and the number
            of each face's track.
        """
        small = shrunk(pixels)
        if self._small is not None and is_cut(self._small, small):
            self._tracks = Tracks(following=self._tracks.following)
        self._small = small
        boxes = [(face.left, face.top, face.right, face.bottom) for face in faces]
        self._tracks, numbers = follow(self._tracks, boxes, seconds)
        if self._smooth is not None:
            going_on = {track.number for track in self._tracks.current}
            self._averages = {key: self._averages[key] for key in going_on & self._averages.keys()}
            pairs = zip(faces, numbers, strict=True)
            faces = [self._averaged(face, one, seconds, self._smooth) for face, one in pairs]
        return list(faces), numbers

    def _averaged(self, face: Face, number: int, seconds: float, smooth: float) -> Face:
        average = face.emotion.probabilities
        if number in self._averages:
            when, before = self._averages[number]
            average = smoothed(before, average, seconds - when, smooth)
        self._averages[number] = (seconds, average)
        return replace(face, emotion=likeliest(average))
