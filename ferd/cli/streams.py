"""Opens the standard streams that a process was started without, as after `ferd ... 2>&-`."""

import io
import os
import sys


def open_closed_streams():
    """Opens each closed one on the null device.

    Otherwise the next file that is opened takes its place, and what is meant for the stream is
    written there, or ends the process. Writing to standard output stays an error: no row is lost in
    silence.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is not None or not _is_closed(number):
            continue
        null = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        # Without a buffer, which Python would try to write once more when it ends.
        raw = io.FileIO(number, mode)
        setattr(sys, name, io.TextIOWrapper(raw, "utf-8", "surrogateescape", write_through=True))


def _is_closed(number):
    try:
        os.fstat(number)
    except OSError:
        return True
    return False
