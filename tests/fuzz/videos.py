"""Damaged videos, drawn from a seed."""

import random

from tests.fuzz.mutations import damaged
from tests.helpers.predicting import write_video
from tests.helpers.sketches import scene


def videos(seed, count, folder):
    """Yields `(ending, bytes)` of damaged videos of 12 frames; `folder` is for the whole ones."""
    generator = random.Random(seed)
    frames = [scene(number, 128) for number in range(12)]
    names = ("whole.avi", "whole.mp4")
    wholes = [write_video(folder / name, frames).read_bytes() for name in names]
    for number in range(count):
        whole, ending = wholes[number % 2], names[number % 2][-3:]
        way = generator.choice(("cut", "flip", "flip", "run", "number", "join"))
        if way == "cut":
            yield ending, whole[: generator.randrange(len(whole))]
        else:
            yield ending, damaged(generator, whole, way)
