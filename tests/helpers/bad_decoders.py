"""Decoders of videos that fail in all ways, for the process that calls them by name."""

import os
import signal
import sys
import time

import numpy as np

from ferd.inference.reading.frames import Frame


def frames(path, count):
    for number in range(count):
        yield Frame(path, number, np.full((48, 64, 3), number, np.uint8), 25.0, number / 25)


def crashes(path, max_pixels, thinning, watch):
    yield from frames(path, 3)
    if "bad" in path:
        os.kill(os.getpid(), signal.SIGSEGV)


def hangs(path, max_pixels, thinning, watch):
    yield from frames(path, 2)
    time.sleep(1000)


def ends(path, max_pixels, thinning, watch):
    yield from frames(path, 1)
    print("free(): invalid pointer", file=sys.stderr, flush=True)
    os._exit(3)


def grows(path, max_pixels, thinning, watch):
    yield from frames(path, 2)
    kept = []
    while True:
        kept.append(np.empty(1 << 26, np.uint8))


def prints(path, max_pixels, thinning, watch):
    os.write(1, b"a line of a library\n")
    yield from frames(path, 2)


def is_wrong(path, max_pixels, thinning, watch):
    yield from frames(path, 1)
    raise ValueError("a mistake of ours")


def sends_half_a_frame(path, max_pixels, thinning, watch):
    yield from frames(path, 1)
    watch._send({"kind": "frame", "shape": [9000, 9000, 3]})
    os._exit(0)


def sends_nonsense(path, max_pixels, thinning, watch):
    yield from frames(path, 1)
    watch._send({"kind": "frame", "shape": "large"})
    time.sleep(1000)
