"""Lets one process at a time use a folder or a file."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import zc.lockfile


@contextlib.contextmanager
def only_process(path: Path, refusal: Callable[[str], str], warning: str) -> Iterator[None]:
    """Holds a lock file. The lock ends with the process, however it ends.

    Args:
        path: The lock file, in a folder that exists. The process that holds it is written into it.
        refusal: Makes the exit's message from `process <number> on <host>`, the other process.
        warning: Line for standard error where the file system has no locks.

    Raises:
        SystemExit: If another process holds it.
    """
    with contextlib.ExitStack() as stack:
        try:
            lock = zc.lockfile.LockFile(str(path), content_template="process {pid} on {hostname}")
            stack.enter_context(contextlib.closing(lock))
        except zc.lockfile.LockError as error:
            if isinstance(error.__context__, BlockingIOError | PermissionError):
                other = path.read_text(encoding="utf-8").strip()
                raise SystemExit(refusal(other)) from None
            print(warning, file=sys.stderr)
        yield
