"""Reads videos in a process of their own, because a fault in a decoder ends its process.

A crash, a hang or too much memory costs the remaining frames of one video, and nothing else.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from typing import Any

import numpy as np

from ferd.inference.reading.frames import Frame, Media, Problem
from ferd.inference.reading.thinning import ALL, Thinning
from ferd.inference.reading.watch import LENGTH

SECONDS = 60.0  # without a frame or a sign of life, then the decoder hangs
AHEAD = 2  # frames that wait
PIPE_BYTES = 1 << 20  # Linux has 64 KiB by default: a frame would take forty turns
START = (
    "import sys; sys.path[:] = sys.argv[3:]; from ferd.inference.reading.video_worker import main; "
    "main(*sys.argv[1:3])"
)
READER = ("ferd.inference.reading.captures", "read_video")

Message = dict[str, Any]
_idle: "list[VideoDecoder]" = []


def read_video(path: str, max_pixels: int, thinning: Thinning = ALL) -> Media:
    """Reads a video.

    Args:
        path: The file.
        max_pixels: Largest frame taken, in pixels (width times height).
        thinning: Which frames are read.

    Yields:
        Its `Frame`s; a `Problem` if it has none, ends too early, has some that cannot be decoded,
        or if its decoder crashes or hangs.
    """
    try:
        decoder = _taken() or VideoDecoder(*READER)
    except OSError as error:
        yield Problem(path, f"cannot be read (its decoder does not start: {error.strerror})")
        return
    try:
        yield from decoder.read(path, max_pixels, thinning)
        if decoder.is_usable():
            _idle.append(decoder)
            return
        decoder.close()
    except BaseException:
        decoder.close()
        raise


def _taken() -> "VideoDecoder | None":
    """A process that has read another video to its end."""
    with contextlib.suppress(IndexError):  # other threads take them, too
        while True:
            if (decoder := _idle.pop()).is_usable():
                return decoder
    return None


class VideoDecoder:
    """A process that decodes one video at a time.

    Args:
        module, function: The function that it calls, such as
            `ferd.inference.reading.captures.read_video`.
        seconds: Time limit without a frame or a sign of life.

    Raises:
        OSError: If it cannot be started.
    """

    def __init__(self, module: str, function: str, seconds: float = SECONDS) -> None:
        self._seconds, self._owner = seconds, os.getpid()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 # closed with the process
        # Isolated, because the folder in which the command runs may have modules of any origin.
        command = [sys.executable, "-I", "-c", START, module, function, *sys.path]
        self._process = subprocess.Popen(
            command,
            # Without buffers, whose locks would end Python with an error if it ends meanwhile.
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests, self._output = self._process.stdin, self._process.stdout
        self._messages: queue.Queue[Message] = queue.Queue(AHEAD)
        self._thread = threading.Thread(target=self._receive, name="video", daemon=True)
        self._thread.start()

    def is_usable(self) -> bool:
        """Whether it can take another video: not after a fork, which shares the process."""
        return self._process.poll() is None and self._owner == os.getpid()

    def read(self, path: str, max_pixels: int, thinning: Thinning) -> Media:
        """Reads a video as `read_video` does."""
        # The process stays in the folder in which it was started.
        place = os.path.abspath(path)
        request = {"path": place, "max_pixels": max_pixels, "thinning": asdict(thinning)}
        with contextlib.suppress(BrokenPipeError):  # of a process that has died: see below
            self._requests.write(json.dumps(request).encode() + b"\n")
        count = 0
        while (message := self._next())["kind"] != "end":
            if message["kind"] == "frame":
                facts = (message[name] for name in ("number", "pixels", "rate", "seconds"))
                yield Frame(path, *facts)
                count += 1
            elif message["kind"] == "problem":
                yield Problem(path, message["message"])
            elif message["kind"] == "error":
                raise RuntimeError(f"{path}: {message['message']}")
            elif message["kind"] != "beat":
                reason = self._death() if message["kind"] == "dead" else self._hang()
                yield Problem(path, f"{reason} after {count} frames; the others are not read")
                return

    def close(self) -> None:
        """Ends the process, also while it decodes."""
        self._process.kill()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self._messages.get(timeout=0.05)
        self._process.wait()
        for file in (self._requests, self._output, self._log):
            file.close()

    def _next(self) -> Message:
        try:
            return self._messages.get(timeout=self._seconds)
        except queue.Empty:
            return {"kind": "hangs"}

    def _receive(self) -> None:
        """Takes messages until the process ends."""
        _enlarge(self._output.fileno())
        try:
            while True:
                (size,) = LENGTH.unpack(self._bytes(LENGTH.size))
                message = json.loads(self._bytes(size))
                if message["kind"] == "frame":
                    message["pixels"] = np.empty(message["shape"], np.uint8)
                    self._fill(memoryview(message["pixels"]).cast("B"))
                self._messages.put(message)
        except EOFError:
            pass
        except Exception:
            # A process whose memory is damaged may send anything.
            self._process.kill()
        self._messages.put({"kind": "dead"})

    def _bytes(self, size: int) -> bytearray:
        content = bytearray(size)
        self._fill(memoryview(content))
        return content

    def _fill(self, place: memoryview) -> None:
        while place:
            count = self._output.readinto(place)  # type: ignore[attr-defined]
            if not count:
                raise EOFError
            place = place[count:]

    def _death(self) -> str:
        status = self._process.wait()
        with contextlib.suppress(ValueError):
            return f"its decoder crashed ({signal.Signals(-status).name})"
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        reason = next((line.strip() for line in reversed(lines) if line.strip()), "no reason")
        return f"its decoder ended with status {status} ({reason})"

    def _hang(self) -> str:
        self._process.kill()
        return f"its decoder gave no sign of life for {self._seconds:g} seconds"


def _enlarge(pipe: int) -> None:
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
