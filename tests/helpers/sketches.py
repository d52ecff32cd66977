"""Sketch faces and scenes by seed, and what dlib sees in them."""

import dlib
import numpy as np

from ferd.sketch.faces import draw_face, draw_scene

DETECTOR = dlib.get_frontal_face_detector()


def face(expression="neutral", seed=0, size=48):
    return draw_face(expression, np.random.default_rng(seed), size)


def scene(seed=0, size=48):
    return draw_scene(np.random.default_rng(seed), size)


def first_level(picture):
    """The lowest up-sampling level at which dlib finds a face, or None."""
    return next((level for level in (1, 2, 3) if DETECTOR.run(picture, level, 0.0)[0]), None)
