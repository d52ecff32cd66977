"""Chooses the frames of a video or camera that are predicted: every nth, or a number per second."""

import math
from dataclasses import dataclass

EARLY = 1e-3  # seconds a frame may be early: most containers round times to milliseconds


@dataclass(frozen=True)
class Thinning:
    """How many frames are predicted; all by default.

    Args:
        every: n, to predict every nth frame, from the first on.
        fps: At most so many frames per second: the first frame of each interval of `1 / fps`
            seconds. Used in place of `every` if not None.
    """

    every: int = 1
    fps: float | None = None

    def keeps(self, number: int, seconds: float, last: float | None) -> bool:
        """Whether a frame is predicted.

        Args:
            number: The frame's number, from 0.
            seconds: The frame's time.
            last: Time of the last frame that was predicted; None if there is none.
        """
        if self.fps is None or last is None:
            return number % self.every == 0
        return math.floor((seconds + EARLY) * self.fps) > math.floor((last + EARLY) * self.fps)

    def rate(self, rate: float) -> float:
        """Frames per second that are predicted of a stream with `rate` frames per second."""
        return rate / self.every if self.fps is None else min(rate, self.fps)


ALL = Thinning()
