"""Reads videos and cameras with OpenCV as a stream of upright RGB frames."""

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2

from ferd.inference.reading.clock import StreamClock
from ferd.inference.reading.containers import NO_VIDEO, refusal, restricted
from ferd.inference.reading.frames import Frame, Media, Problem
from ferd.inference.reading.mp4 import is_mirrored, shown_seconds
from ferd.inference.reading.opencv_paths import opencv_path
from ferd.inference.reading.thinning import ALL, Thinning
from ferd.inference.reading.watch import Watch

DEFAULT_RATE = 25.0  # frames per second of a camera that does not report them
# So many failures one after the other are the end of a video: OpenCV fails in the same way at a
# damaged frame and at the end. They take less than a second.
LONGEST_DAMAGE = 10_000


def read_video(
    path: str, max_pixels: int, thinning: Thinning = ALL, watch: Watch | None = None
) -> Media:
    """Reads a video in this process, which a fault in the decoder ends.

    Args:
        path: The file.
        max_pixels: Largest frame taken, in pixels (width times height).
        thinning: Which frames are read.
        watch: It is told of the frames.

    Yields:
        Its `Frame`s; a `Problem` if it has none, ends too early or has some that cannot be decoded.
    """
    if reason := refusal(path):
        yield Problem(path, reason)
        return
    _silence_opencv()
    with opencv_path(path) as name:
        # The backend is set, because if FFmpeg fails OpenCV takes "clip1.mp4" for the first image
        # of a numbered sequence.
        with restricted():
            capture = Capture(cv2.VideoCapture(name, cv2.CAP_FFMPEG), path, thinning, watch)
        if (shown := shown_seconds(path)) is not None:
            capture.promised = min(capture.promised, shown * capture.stamps.rate)
        if is_mirrored(path):
            capture.keep_upright()
        yield from capture.frames(max_pixels, LONGEST_DAMAGE)
    if not capture.failed and (message := _video_problem(capture)):
        yield Problem(path, message)


def read_camera(name: str, max_pixels: int, thinning: Thinning = ALL) -> Media:
    """Reads a camera until it stops.

    Args:
        name: `camera:<number>`.
        max_pixels: As in `read_video`.
        thinning: As in `read_video`.

    Yields:
        Its `Frame`s, or a `Problem` if there is no such camera.
    """
    number = name.removeprefix("camera:")
    if not re.fullmatch("[0-9]{1,3}", number):
        yield Problem(name, "a camera is named by its number, as in camera:0")
        return
    _silence_opencv()
    capture = Capture(cv2.VideoCapture(int(number)), name, thinning)
    started = time.monotonic()
    # Drivers disagree on what their time stamps count.
    yield from capture.frames(max_pixels, 0, lambda: time.monotonic() - started)
    if not capture.decoded and not capture.failed:
        yield Problem(name, "there is no such camera")


class Capture:
    """An open video or camera, and what has been read of it.

    Args:
        capture: OpenCV's.
        source: The name of its frames.
        thinning: Which frames are decoded.
        watch: As in `read_video`.

    Attributes:
        stamps: The video's `StreamClock`.
        promised: The number of frames that the container promises; some only estimate it.
        decoded: How many frames were decoded or left out.
        damaged: How many before the last one could not be decoded.
        failed: Whether a `Problem` has the reason why the frames end.
    """

    def __init__(
        self,
        capture: cv2.VideoCapture,
        source: str,
        thinning: Thinning,
        watch: Watch | None = None,
    ) -> None:
        self._capture, self._source, self._thinning = capture, source, thinning
        self._watch = watch
        # By default FFmpeg's frames come as they are stored, of a phone mostly sideways.
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        rate = capture.get(cv2.CAP_PROP_FPS)
        self.stamps = StreamClock(rate if 0 < rate <= 1000 else DEFAULT_RATE)
        self.promised = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.decoded = self.damaged = 0
        self.failed = False

    def keep_upright(self) -> None:
        """Undoes half a turn, as which OpenCV takes a picture that is to be mirrored."""
        if self._capture.get(cv2.CAP_PROP_ORIENTATION_META) == 180:
            self._capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)

    def frames(
        self, max_pixels: int, patience: int, clock: Callable[[], float] | None = None
    ) -> Iterator[Frame | Problem]:
        """Reads to the end and lets go of the video or camera.

        Args:
            max_pixels: As in `read_video`.
            patience: How many failures, one after the other, are not the end.
            clock: Gives the time in seconds; that of the frames' time stamps if None.

        Yields:
            Its `Frame`s; a `Problem` if they are too large or OpenCV raises an error.
        """
        try:
            if (area := self._area()) > max_pixels:
                self.failed = True
                limit = f"the {max_pixels:,} pixels allowed (--max-pixels)"
                yield Problem(self._source, f"its frames exceed {limit}")
            else:
                if self._watch:
                    self._watch.opened(area)
                yield from self._read(patience, clock)
        except cv2.error as error:
            self.failed = True
            number = self.decoded + self.damaged
            reason = " ".join(error.err.split())
            yield Problem(self._source, f"OpenCV cannot decode its frame {number} ({reason})")
        finally:
            self._capture.release()

    def _read(self, patience: int, clock: Callable[[], float] | None) -> Iterator[Frame]:
        failures, last = 0, None
        rate = self._thinning.rate(self.stamps.rate)
        while failures <= patience:
            if not self._capture.grab():
                failures += 1
                self.stamps.miss()
                continue
            if self._watch:
                self._watch.grabbed()
            self.damaged, failures = self.damaged + failures, 0
            number = self.damaged + self.decoded
            stamp = self.stamps.read(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            seconds = clock() if clock else stamp
            if self._thinning.keeps(number, seconds, last):
                last = seconds
                rgb = cv2.cvtColor(self._capture.retrieve()[1], cv2.COLOR_BGR2RGB)
                yield Frame(self._source, number, rgb, rate, seconds)
            self.decoded += 1

    def _area(self) -> float:
        sides = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        width, height = (self._capture.get(side) for side in sides)
        return width * height


def _video_problem(capture: Capture) -> str | None:
    """What is to be said of a video that was read to its end."""
    decoded, promised, clock = capture.decoded, capture.promised, capture.stamps
    if clock.seconds is None:
        return NO_VIDEO
    read = decoded + capture.damaged
    # Some containers only estimate their length: less than a second's difference means nothing.
    is_cut = promised / clock.rate - clock.seconds > 1 + 1 / clock.rate
    is_short = promised - read > clock.rate
    if is_cut:
        damaged = f", and {capture.damaged} of them cannot be read" if capture.damaged else ""
        return f"the video is cut off after {read} of {promised:.0f} frames{damaged}"
    # Of some containers FFmpeg skips what is damaged. Frames that come at no constant rate cannot
    # be counted ahead.
    if capture.damaged or (is_short and clock.is_constant()):
        total = max(promised, read)
        return f"the video is damaged: {total - decoded:.0f} of {total:.0f} frames cannot be read"
    return None


def _silence_opencv() -> None:
    # OpenCV and FFmpeg would print their own lines about unreadable files.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # OpenCV 5 moved the function.
    opencv: Any = cv2
    logging = opencv if hasattr(opencv, "setLogLevel") else opencv.utils.logging
    logging.setLogLevel(0)
