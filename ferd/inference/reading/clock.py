"""Times of frames from the time stamps of a stream, which may be missing or wrong."""

from dataclasses import dataclass, field

LONGEST = 1e8  # seconds, three years: a larger time stamp has overflowed


@dataclass
class StreamClock:
    """Turns the time stamps of a video's frames into times that never go back.

    Args:
        rate: Frames per second, for frames without a time stamp.

    Attributes:
        seconds: The last frame's time; None before the first.
        steps: Number of frames after the first.
        regular: How many of these came at the time that the rate predicts.
    """

    rate: float
    seconds: float | None = field(default=None, init=False)
    steps: int = field(default=0, init=False)
    regular: int = field(default=0, init=False)
    _missed: int = field(default=0, init=False)

    def miss(self) -> None:
        """Notes a frame that cannot be read."""
        self._missed += 1

    def read(self, stamp: float) -> float:
        """Gives the next frame's time.

        Args:
            stamp: Its time stamp in seconds. OpenCV gives 0 if it is missing, a negative number
                where the decoder reorders the first frames, and an overflowed number where the
                stream does not say when it starts.

        Returns:
            Seconds, not negative: the time stamp if it is later than the last one, else the time by
            the rate.
        """
        if self.seconds is None:
            expected = self._missed / self.rate
            is_right = stamp > 0 or (stamp == 0 and not self._missed)
        else:
            expected = self.seconds + (self._missed + 1) / self.rate
            is_right = stamp > self.seconds
            self.steps += 1
            self.regular += abs(stamp - expected) < 0.5 / self.rate
        self.seconds, self._missed = (stamp if is_right and stamp < LONGEST else expected), 0
        return self.seconds

    def is_constant(self) -> bool:
        """Whether nearly all frames came at the times that the rate predicts."""
        return self.regular >= 0.95 * self.steps
