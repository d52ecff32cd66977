"""Draws the sample pictures of the web page: seven expressions, and a picture without a face."""

import functools
import io

import numpy as np
from PIL import Image

from ferd.classes import CLASSES
from ferd.sketch.faces import draw_face, draw_scene

SEED = 8
SIZE = 240
NO_FACE = "no face"
NAMES = (*CLASSES, NO_FACE)


@functools.lru_cache(maxsize=len(NAMES))
def sample(name):
    """Draws a sample.

    Args:
        name: One of `NAMES`.

    Returns:
        A PNG file, bytes; 240 pixels square.

    Raises:
        KeyError: For another name.
    """
    if name not in NAMES:
        raise KeyError(name)
    generator = np.random.default_rng(SEED)
    is_scene = name == NO_FACE
    picture = draw_scene(generator, SIZE) if is_scene else draw_face(name, generator, SIZE)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()
