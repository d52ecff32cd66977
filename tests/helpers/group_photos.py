"""Drawn photos of one and of many faces, with the box of every face; and photos without any."""

from typing import NamedTuple

import cv2
import numpy as np

from ferd.classes import CLASSES
from ferd.sketch.faces import CANVAS, HALF_HEAD, ORIGIN, _random_look, draw_face, draw_scene

# From the point between the eyes, in half head widths: the sides, the brows and the chin.
SIDES, TOP, BOTTOM = 1.0, -0.7, 1.4


class Group(NamedTuple):
    """A photo to draw.

    Args:
        width, height: Pixels.
        heads: Widths of the heads in pixels.
        background: "clouds", "flat" or "colors".
    """

    width: int
    height: int
    heads: tuple
    background: str = "clouds"


GROUPS = {
    "29 people": Group(2048, 1366, (48, 56, 64, 72, 80, 88, 96) * 4 + (100,)),
    "15 people": Group(1280, 853, (44, 60, 76, 92, 108) * 3, "colors"),
    "a selfie with 8 others": Group(4000, 3000, (500, *[110] * 8)),
    "8 people far away": Group(4000, 3000, (70,) * 8, "flat"),
    "small faces": Group(640, 480, (20, 22, 25, 28, 32, 36, 40, 45), "colors"),
    "one face": Group(1280, 1280, (500,), "flat"),
    "all sizes": Group(1600, 1200, (320, 200, 130, 90, 60, 45), "colors"),
}


def drawn(group, seed):
    """Draws a photo.

    Args:
        group: A `Group`.
        seed: Of the people, their places and the background.

    Returns:
        Tuple: uint8 RGB, and a list of boxes: left, top, right, bottom.
    """
    generator = np.random.default_rng(seed)
    photo, boxes = _background(group, generator), []
    for number, (left, top, room) in enumerate(_cells(group)):
        head = group.heads[number]
        person = int(generator.integers(1 << 30))
        look = _random_look(np.random.default_rng(person))
        side = min(room, round(head / (2 * look.half_width)))
        place = [int(generator.integers(start, start + room - side + 1)) for start in (left, top)]
        face = draw_face(CLASSES[number % 7], np.random.default_rng(person), side)
        photo[place[1] : place[1] + side, place[0] : place[0] + side] = face[..., np.newaxis]
        sides = zip(place * 2, _box(look, side), strict=True)
        boxes.append(tuple(start + part for start, part in sides))
    return photo, boxes


def _box(look, side):
    """The face's box in its tile."""
    half = look.half_width * side
    turn = np.deg2rad(look.roll)
    down = (ORIGIN[1] - CANVAS / 2) / HALF_HEAD * half
    across = look.centre_x * side + down * np.sin(turn)
    eyes = look.centre_y * side + down * np.cos(turn)
    return across - SIDES * half, eyes + TOP * half, across + SIDES * half, eyes + BOTTOM * half


def _cells(group):
    """Squares side by side, the large ones first: left, top and side of each."""
    left = top = row = 0
    for head in group.heads:
        room = round(head / 0.44)
        if left + room > group.width:
            left, top, row = 0, top + row, 0
        assert top + room <= group.height
        yield left, top, room
        left, row = left + room, max(row, room)


def _background(group, generator):
    size = (group.width, group.height)
    if group.background == "flat":
        return np.full((*size[::-1], 3), generator.integers(60, 200, 3), np.uint8)
    if group.background == "colors":
        coarse = generator.integers(60, 200, (group.height // 40, group.width // 40, 3))
        return cv2.resize(coarse.astype(np.uint8), size)
    clouds = cv2.resize(draw_scene(generator, 256), size, interpolation=cv2.INTER_CUBIC)
    return cv2.cvtColor(clouds, cv2.COLOR_GRAY2RGB)


def without_faces(seed):
    """A photo of clouds, shapes and colours, in which nobody is."""
    sizes = ((640, 480), (1280, 853), (2048, 1366))
    group = Group(*sizes[seed % 3], (), ("clouds", "colors")[seed % 2])
    return drawn(group, seed)[0]
