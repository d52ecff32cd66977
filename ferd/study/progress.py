"""Prints progress lines during a long fit."""

import os
import threading
import time
from contextlib import contextmanager


@contextmanager
def progress(label, every=30):
    """Prints when the block starts and ends, and every 30 s that it still runs.

    Yields:
        Dict that has `seconds` after the block.
    """
    # PyCaret redirects both output streams of the process during a fit, so a copy is used.
    stream, done, clock, start = os.dup(1), threading.Event(), {}, time.perf_counter()

    def say(text):
        os.write(stream, f"{label}: {text}\n".encode())

    def repeat():
        while not done.wait(every):
            say(f"still fitting after {time.perf_counter() - start:.0f} s")

    thread = threading.Thread(target=repeat, daemon=True)
    say("fitting")
    thread.start()
    try:
        yield clock
        clock["seconds"] = round(time.perf_counter() - start, 1)
        say(f"done in {clock['seconds']} s")
    finally:
        done.set()
        thread.join()
        os.close(stream)
