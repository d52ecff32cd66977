"""Gives OpenCV a path that it can take, whatever the bytes of a file's name."""

import contextlib
import os
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def opencv_path(path: str) -> Iterator[str]:
    """Gives another path to a file whose name is not UTF-8, which makes OpenCV end the process.

    Args:
        path: A file, which need not exist yet.

    Yields:
        The absolute path; in place of a name that is not UTF-8 a link in a temporary folder, for
        as long as the context lasts.
    """
    # FFmpeg takes "a:b.mp4" for a protocol, but not with a folder before it.
    absolute = os.path.abspath(path)
    if _is_utf8(absolute):
        yield absolute
        return
    with tempfile.TemporaryDirectory(prefix="ferd-") as folder:
        suffix = os.path.splitext(absolute)[1]
        link = os.path.join(folder, "video" + (suffix if _is_utf8(suffix) else ""))
        os.symlink(absolute, link)
        yield link


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
