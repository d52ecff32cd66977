"""Decodes uploads in a process of its own, which is ended if it takes too long.

Some files of a few megabytes keep a decoder busy for minutes, and a fault in a decoder ends its
process. Neither may stop the server. The process's memory is limited, too.
"""

import contextlib
import multiprocessing
import signal
import threading
import time

import numpy as np

from ferd.decoding.pictures import KINDS
from ferd.imaging.images import BadImage

# Not PPM: no camera and no browser writes it, and a header full of comments takes minutes to read.
UPLOADS = tuple(kind for kind in KINDS if kind != "PPM")
START_SECONDS = 120
# A picture takes up to 15 bytes per pixel until it is RGB, a progressive JPEG 6 more.
BYTES_PER_PIXEL = 21
SPARE_BYTES = 1 << 28
_SPAWN = multiprocessing.get_context("spawn")


class Decoder:
    """A process that decodes one upload at a time. It starts with the first upload.

    Args:
        max_pixels: Most pixels that are decoded.
        seconds: How long an upload may take.
    """

    def __init__(self, max_pixels, seconds):
        self.max_pixels, self.seconds = max_pixels, seconds
        self._lock, self._process, self._line = threading.Lock(), None, None
        self._is_closed, self._begun = False, None

    @property
    def busy_seconds(self):
        """How long the present upload has been decoded, or 0."""
        begun = self._begun
        return 0.0 if begun is None else time.monotonic() - begun

    def start(self):
        """Starts the process, if there is none, and waits until it is ready."""
        with self._lock:
            self._start()

    def decode(self, content):
        """Decodes an upload; one thread at a time, the others wait.

        Args:
            content: The photo file, bytes.

        Returns:
            `(pixels, notes)`: RGB, uint8 of shape `(height, width, 3)`, and what was left out or is
            missing, lines. Of a JPEG without its last bytes the rest is decoded.

        Raises:
            BadImage: As in `ferd.decoding.pictures.decode`, and if it takes too long or ends the
                process.
        """
        with self._lock:
            try:
                self._start()
                self._begun = time.monotonic()
                answer = self._ask(content)
            except BaseException as error:
                self._end()
                if isinstance(error, EOFError | OSError):
                    raise BadImage("cannot be decoded (the decoder failed)") from error
                raise
            finally:
                self._begun = None
        if isinstance(answer, str):
            raise BadImage(answer)
        return answer

    def close(self):
        """Ends the process, also while it decodes; later uploads are refused."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()
            process.join()

    def _ask(self, content):
        """What the process answers: pixels and notes, or a reason."""
        self._line.send_bytes(content)
        if not self._line.poll(self.seconds):
            raise BadImage(f"takes more than {self.seconds:g} seconds to decode")
        answer = self._line.recv()
        if isinstance(answer, str):
            return answer
        shape, notes = answer
        # Not pickled with the rest, which would copy the pixels three times.
        return np.frombuffer(self._line.recv_bytes(), "uint8").reshape(shape), notes

    def _start(self):
        if self._is_closed:
            raise BadImage("cannot be decoded (the server ends)")
        if self._process is not None and self._process.is_alive():
            return
        self._line, theirs = _SPAWN.Pipe()
        arguments = (theirs, self.max_pixels)
        self._process = _SPAWN.Process(target=_work, args=arguments, name="decoder", daemon=True)
        self._process.start()
        theirs.close()
        if not self._line.poll(START_SECONDS):
            raise BadImage("cannot be decoded (the decoder does not start)")
        self._line.recv()

    def _end(self):
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._line.close()
        self._process = self._line = None


def _work(line, max_pixels):
    """The process: reads files and answers with pixels or a reason, until the server ends."""
    # Ctrl-C in a terminal reaches this process too; the server ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import cv2

    from ferd.decoding.pictures import decode
    from ferd.inference.reading.photos import notes_of

    cv2.setNumThreads(1)
    _limit_memory(max_pixels * BYTES_PER_PIXEL + SPARE_BYTES)
    with contextlib.suppress(EOFError, OSError):
        line.send("ready")
        while True:
            try:
                content = line.recv_bytes()
                picture = decode(content, max_pixels, UPLOADS, may_shrink=True, may_be_cut=True)
                pixels = np.ascontiguousarray(picture.pixels)
            except BadImage as error:
                line.send(str(error))
            except (MemoryError, cv2.error):
                line.send("needs more memory than there is; see --max-pixels")
            else:
                line.send((pixels.shape, notes_of(picture)))
                line.send_bytes(pixels.reshape(-1))


def _limit_memory(more):
    """Limits the process to `more` bytes beyond what it has now, where the platform can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size + more, hard))
