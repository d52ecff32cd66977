"""Opens what `ferd predict` writes to: a file or standard output for rows, and a progress bar."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

from ferd.inference.frames import printable
from ferd.inference.prediction_rows import Stream


class Terminal:
    """Writes to a terminal, which no file's name is to control.

    Args:
        stream: Text stream.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.flush = stream.flush

    def write(self, text: str) -> int:
        """Writes text with everything but line ends as `ferd.inference.frames.printable` does."""
        return self._stream.write("\n".join(map(printable, text.split("\n"))))


@contextmanager
def open_output(path: str | None) -> Iterator[Stream]:
    """Opens a file for rows; standard output where `path` is None."""
    if path:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
    else:
        # A file name may contain bytes that are not UTF-8; they are written unchanged.
        stdout: Any = sys.stdout  # TextIO, as which it is typed, has no reconfigure
        stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
        yield Terminal(stdout) if stdout.isatty() else stdout


def progress(options: Namespace) -> Any:
    """A progress bar on standard error, silent where rows share its terminal."""
    # Rows and a progress bar on one terminal would overwrite each other.
    is_shared = not options.output and sys.stdout.isatty()
    is_off = options.quiet or is_shared or not sys.stderr.isatty()
    return tqdm(unit=" frames", disable=is_off, file=sys.stderr)
