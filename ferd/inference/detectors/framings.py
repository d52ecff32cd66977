"""Translates a network's framing from dlib's box to the box of another detector.

A framing is the part of a photo that a network is shown, relative to a detector's box.
"""

import functools
import json
from pathlib import Path

from ferd.imaging.framing import Framing

PATH = Path(__file__).parents[2] / "models" / "detectors.json"


def translate(framing: Framing, name: str) -> Framing:
    """The framing that shows the same part of a photo around another detector's box.

    The edges of FER2013's images lie, on the median, at a known place in the box of each detector.
    So each place in dlib's box corresponds to a place in the other detector's box.

    Args:
        framing: Relative to dlib's box.
        name: Name of the other detector.

    Returns:
        `Framing` relative to the other detector's box.
    """
    if name == "dlib":
        return framing
    ours, theirs = measured()["dlib"], measured()[name]
    across = (theirs.right - theirs.left) / (ours.right - ours.left)
    down = (theirs.bottom - theirs.top) / (ours.bottom - ours.top)
    return Framing(
        left=theirs.left + (framing.left - ours.left) * across,
        top=theirs.top + (framing.top - ours.top) * down,
        right=theirs.left + (framing.right - ours.left) * across,
        bottom=theirs.top + (framing.bottom - ours.top) * down,
    )


@functools.cache
def measured() -> dict[str, Framing]:
    """By detector, the median place of the edges of FER2013's images in its box.

    `python -m stages.detectors` measures it; `python -m ferd.inference.detectors.packaged` copies
    it into the package.
    """
    facts = json.loads(PATH.read_text(encoding="utf-8"))
    return {name: Framing(**sides) for name, sides in facts["framing"].items()}
