"""Lines on the terminal that show a long fit is alive."""

import os
import threading
import time
from contextlib import contextmanager


@contextmanager
def progress(label, every=30):
    """Prints when the block starts and ends, and every 30 s that it still runs.

    Yields:
        Dict in which `seconds` stands after the block.
    """
    # PyCaret sends both of the process's output streams elsewhere during a fit: write to a copy.
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
