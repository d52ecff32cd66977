"""Draws rows of `ferd predict`, to measure how large they are."""

import numpy as np

from ferd.classes import CLASSES
from ferd.inference.emotion import Face, likeliest
from ferd.inference.reading.frames import Frame
from ferd.inference.writing.prediction_rows import rows


def some_rows(count):
    """Rows of photos with a face each; seeded."""
    generator = np.random.default_rng(0)
    for number in range(count):
        left, top, side = (int(value) for value in generator.integers(40, 600, 3))
        shares = generator.dirichlet([0.3] * len(CLASSES)).tolist()
        emotion = likeliest(dict(zip(CLASSES, shares, strict=True)))
        box = (left, top, left + side, top + side, 0, float(generator.gamma(2)))
        name = f"photos/{number // 1000:05d}/{int(generator.integers(1 << 40)):012x}.jpg"
        yield from rows(Frame(name, 0, np.zeros((1, 1, 3), "uint8")), [Face(*box, emotion)])
