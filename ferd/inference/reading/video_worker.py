"""The process that decodes videos for `ferd.inference.reading.videos`.

It reads a request per line from its standard input and writes messages to its standard output: the
length of the JSON in 4 bytes, the JSON, and after that of a frame the frame's pixels.
"""

import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, BinaryIO

from ferd.inference.reading.frames import Frame, Media
from ferd.inference.reading.thinning import Thinning
from ferd.inference.reading.watch import LENGTH, Watch

Read = Callable[..., Media]


def main(module: str, function: str) -> None:
    """Answers requests until the standard input ends.

    Args:
        module: Name of the module of `function`.
        function: Name of a function such as `ferd.inference.reading.captures.read_video`.
    """
    # A terminal sends Ctrl-C to the whole group; the parent ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What decoders print must not come between the messages.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    read: Read = getattr(importlib.import_module(module), function)
    for request in _requests():
        _answer(read, json.loads(request), output)


def _requests() -> Iterator[str]:
    """Yields lines; if the parent has died, the process ends even while it decodes."""
    lines: SimpleQueue[str] = SimpleQueue()

    def take() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=take, daemon=True).start()
    while True:
        yield lines.get()


def _answer(read: Read, request: dict[str, Any], output: BinaryIO) -> None:
    def send(message: dict[str, Any], pixels: Any = b"") -> None:
        text = json.dumps(message).encode()
        output.write(LENGTH.pack(len(text)) + text)
        output.write(pixels)
        output.flush()

    path, most, thinning = request["path"], request["max_pixels"], Thinning(**request["thinning"])
    try:
        for item in read(path, most, thinning, Watch(send)):
            if isinstance(item, Frame):
                facts = {"number": item.number, "rate": item.rate, "seconds": item.seconds}
                send({"kind": "frame", "shape": item.pixels.shape, **facts}, item.pixels.data)
            else:
                send({"kind": "problem", "message": item.message})
    except MemoryError:
        send({"kind": "problem", "message": "needs too much memory to decode"})
    except Exception:
        send({"kind": "error", "message": traceback.format_exc()})
    send({"kind": "end"})
