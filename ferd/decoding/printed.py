"""Catches what libraries print about a file."""

import contextlib
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator

# libtiff prints lines such as "LZWDecode: Not enough data at scanline 0 (short 2 bytes)."
LINE = re.compile(rb"[\w.]+: [^\r]*\.\n?")
# Pillow logs what it finds odd. Python would print that, without the file's name.
logging.getLogger("PIL").addHandler(logging.NullHandler())
_LOCK = threading.Lock()


@contextlib.contextmanager
def printed_lines(kind: re.Pattern[bytes] = LINE) -> Iterator[list[str]]:
    """Catches lines on standard error that look like those of a library; others are passed on.

    Pillow has no other way to them: it tells that decoding failed, and not why, nor of errors after
    which libtiff goes on. Standard error is that of the whole process, so one thread at a time.

    Args:
        kind: What such a line is; by default one of libtiff.

    Yields:
        A list, which has the lines once the block has ended.
    """
    lines: list[str] = []
    with _LOCK, contextlib.ExitStack() as stack:
        try:
            real = os.dup(2)
        except OSError:  # a process without standard error
            yield lines
            return
        stack.callback(os.close, real)
        file = stack.enter_context(tempfile.TemporaryFile())
        _flush()
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            _flush()
            os.dup2(real, 2)
            file.seek(0)
            for line in file:
                if kind.fullmatch(line):
                    lines.append(line.decode(errors="replace").strip())
                else:
                    os.write(real, line)


def _flush() -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
