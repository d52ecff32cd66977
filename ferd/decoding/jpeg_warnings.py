"""Asks libjpeg whether it warns of a JPEG file's image data.

Pillow does not pass its warnings on. OpenCV's copy of libjpeg prints them.
"""

import contextlib
import re

import cv2
import numpy as np

from ferd.decoding.printed import printed_lines

WARNING = re.compile(
    rb"(Corrupt JPEG data: |Premature end of JPEG|Inconsistent progression|Invalid SOS parameters"
    rb"|Unknown Adobe color|Warning: unknown JFIF)[^\r]*\n?"
)
DAMAGE = ("Corrupt JPEG data: ", "Premature end", "Inconsistent progression")
# Some cameras fill up the image data before the end marker.
FILLED = re.compile(r"Corrupt JPEG data: [1-8] extraneous bytes before marker 0xd9")
# All image data is read, but few pixels are computed.
SMALLEST = cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION


def has_warning(content: bytes) -> bool:
    """Whether libjpeg warns of damaged image data.

    Args:
        content: A JPEG file whose structure has been checked.

    Returns:
        Whether it does.
    """
    with printed_lines(WARNING) as lines, contextlib.suppress(cv2.error):
        cv2.imdecode(np.frombuffer(content, np.uint8), SMALLEST)
    return any(line.startswith(DAMAGE) and not FILLED.fullmatch(line) for line in lines)
