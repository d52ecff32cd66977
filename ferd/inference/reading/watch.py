"""Watches a decoder in its own process: signs of life, and a limit of its memory."""

import os
import struct
import time
from collections.abc import Callable
from typing import Any

from ferd.inference.reading.memory import limit_data

LENGTH = struct.Struct(">I")  # of a message without its pixels
BEAT = 1.0  # seconds between signs of life while no frame is kept
SPARE_BYTES = 1 << 30  # besides what a decoder needs for its frames
THREAD_BYTES = 16 << 20
# Of a decoded pixel of 10 bits with its colour; a decoder keeps up to 16 frames, and one per core.
BYTES_PER_PIXEL, KEPT = 3, 24


class Watch:
    """Tells the parent that the decoder is alive, and gives it the memory that its frames need.

    Args:
        send: Sends a message.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send, self._last = send, time.monotonic()
        self.opened(0)

    def opened(self, area: float) -> None:
        """Takes the pixels of a frame, before the first one is decoded."""
        cores = os.cpu_count() or 1
        frames = int(BYTES_PER_PIXEL * area) * (KEPT + cores)
        limit_data(SPARE_BYTES + cores * THREAD_BYTES + frames)

    def grabbed(self) -> None:
        """Is called for each frame, also for those that are left out."""
        if time.monotonic() - self._last > BEAT:
            self._send({"kind": "beat"})
            self._last = time.monotonic()
