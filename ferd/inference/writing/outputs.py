"""Opens what `ferd predict` writes to: a file or standard output for rows, and a progress bar."""

import io
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

from ferd.inference.reading.frames import printable
from ferd.inference.writing.prediction_rows import Stream


class Terminal:
    """Writes to a terminal, which no file's name is to control.

    Args:
        stream: Text stream.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.flush = stream.flush

    def write(self, text: str) -> int:
        """Writes text, all but its line ends as `ferd.inference.reading.frames.printable` does."""
        return self._stream.write("\n".join(map(printable, text.split("\n"))))


class _NamedFile(io.FileIO):
    """A file whose name is in the error of a write, which has none: of a full disk, say."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self.name
            raise


def open_file(path: str) -> TextIO:
    """Opens a file for text: UTF-8, a file's name in it may have bytes that are not."""
    file = io.BufferedWriter(_NamedFile(path, "w"))
    return io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="")


@contextmanager
def open_output(path: str | None) -> Iterator[Stream]:
    """Opens a file for rows; standard output where `path` is None."""
    if path:
        with open_file(path) as file:
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
