"""Draws faces with given expressions, for the demo and the tests.

The real images may not be redistributed. Three choices may surprise:

- The faces are shaded, not outlined: dlib's detector reads gradients of eye sockets, nose and
  cheeks. It finds the shaded faces almost always, but misses one in six drawn without `_shade`.
- `draw_face` draws every nuisance (place, light, hair, noise) from the generator in the same
  order whatever the expression, so equal seeds give the same person under the same light.
- Expressions have a random strength and random variation, so that classes overlap a little and a
  trained classifier still makes mistakes.

Lengths are in half head widths, from the point between the eyes, x to the right and y down.
"""

from types import SimpleNamespace

import cv2
import numpy as np

from ferd.classes import CLASSES
from ferd.sketch.expressions import EXPRESSIONS, LOOK, LOWEST, NEUTRAL, SCATTER, Expression

CANVAS = 320  # side of the drawing in pixels, before it is placed and shrunk
HALF_HEAD = 78.0  # half head width in pixels of the drawing
ORIGIN = (160.0, 142.0)  # the point between the eyes in the drawing
EYE_X, BROW_Y, NOSE_Y, MOUTH_Y = 0.42, -0.27, 0.42, 0.80


def draw_face(expression, generator, size=48):
    """Draws one gray sketch face.

    Args:
        expression: One of `CLASSES`.
        generator: A numpy Generator; equal states give equal faces, and for every
            expression the same person in the same light.
        size: Side of the picture in pixels.

    Returns:
        uint8 array, shape `(size, size)`, gray levels 0-255.

    Raises:
        ValueError: If `expression` is not one of `CLASSES`.
    """
    if expression not in EXPRESSIONS:
        raise ValueError(f"no expression {expression!r}; allowed are {', '.join(CLASSES)}")
    look = _random_look(generator)
    face = _random_strength(EXPRESSIONS[expression], generator)
    canvas = np.full((CANVAS, CANVAS), look.background, dtype="float32")
    _paint_head(canvas, look)
    _paint_nose(canvas, face)
    for side in (-1, 1):
        _paint_eye(canvas, face, look, side)
        _paint_brow(canvas, face, look, side)
        _paint_cheek(canvas, face, side)
    _paint_mouth(canvas, face, look)
    return _photograph(canvas, look, generator, size)


def _random_look(generator):
    look = {name: generator.uniform(low, high) for name, (low, high) in LOOK.items()}
    return SimpleNamespace(**look)


def _random_strength(target, generator):
    """The expression at a random strength between faint and exaggerated, with random variation."""
    strength = generator.uniform(0.4, 1.05)
    scatter = generator.standard_normal(len(target)) * SCATTER
    mixed = np.array(NEUTRAL) + strength * np.subtract(target, NEUTRAL) + scatter
    return Expression(*np.maximum(mixed, LOWEST).tolist())


def _fill(canvas, points, gray):
    """Fills the polygon `points`, shape `(corners, 2)`, in half head widths."""
    pixels = np.asarray(points) * HALF_HEAD + ORIGIN
    cv2.fillPoly(canvas, [np.round(pixels * 16).astype("int32")], float(gray), cv2.LINE_8, 4)


def _shade(canvas, centre, radii, amount):
    """Adds a Gaussian spot of `amount` gray levels; `radii` are its standard deviations."""
    steps = np.arange(CANVAS)
    across, down = (
        np.exp(-0.5 * (((steps - origin) / HALF_HEAD - middle) / radius) ** 2)
        for origin, middle, radius in zip(ORIGIN, centre, radii, strict=True)
    )
    canvas += (amount * np.outer(down, across)).astype("float32")


def _ellipse(centre, radii):
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * radii + centre


def _band(across, top, bottom):
    """The polygon between two curves over `across`, each of shape `(n,)`."""
    edges = [np.stack([across, top], axis=1), np.stack([across, bottom], axis=1)[::-1]]
    return np.concatenate(edges)


def _paint_head(canvas, look):
    _fill(canvas, _ellipse((0, look.hair_middle), (1.10, 1.22)), look.hair)
    _fill(canvas, [(-0.5, 0.8), (0.5, 0.8), (0.6, 3), (-0.6, 3)], look.skin * 0.62)
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    jaw = np.where(np.sin(angle) > 0, look.face_length, look.hairline + 0.1)
    width = 1 - 0.12 * np.clip(np.sin(angle), 0, 1)
    _fill(canvas, np.stack([np.cos(angle) * width, np.sin(angle) * jaw], axis=1), look.skin)
    _shade(canvas, (0, -0.5), (0.5, 0.2), 14)
    for side in (-1, 1):
        _shade(canvas, (side * 0.98, 0.5), (0.2, 0.7), -40)
        _shade(canvas, (side * EYE_X, -0.03), (0.22, 0.14), -48)
    _shade(canvas, (0, look.face_length - 0.2), (0.25, 0.1), 12)


def _paint_nose(canvas, face):
    for side in (-1, 1):
        _shade(canvas, (side * 0.15, 0.12), (0.06, 0.22), -18 - 14 * face.wrinkle)
        _shade(canvas, (side * 0.13, NOSE_Y + 0.05), (0.06, 0.035), -65)
        _shade(canvas, (side * 0.24, NOSE_Y), (0.05, 0.08), -22)
    _shade(canvas, (0, 0.15), (0.06, 0.25), 22)
    _shade(canvas, (0, NOSE_Y - 0.06), (0.09, 0.07), 14)
    _shade(canvas, (0, NOSE_Y + 0.12), (0.14, 0.05), -26)
    for height in (-0.10, 0.0, 0.10):
        _shade(canvas, (0, height), (0.12, 0.02), -45 * face.wrinkle)


def _paint_eye(canvas, face, look, side):
    along = np.linspace(-1, 1, 17)
    across = side * EYE_X + 0.19 * along
    upper = -1.1 * face.eye_open * (1 - along**2)
    lower = 0.9 * face.eye_open * (1 - along**2)
    _fill(canvas, _band(across, upper, lower), look.skin + 45)
    _fill(canvas, _ellipse((side * EYE_X, 0), (0.085, min(0.085, face.eye_open))), 25)
    _fill(canvas, _band(across, upper - 0.03, upper + 0.012), 40)
    _shade(canvas, (side * EYE_X, face.eye_open + 0.07), (0.18, 0.03), -22)


def _paint_brow(canvas, face, look, side):
    along = np.linspace(0, 1, 12)
    across = side * (face.brow_gap + 0.50 * along)
    height = BROW_Y - face.brow_lift - face.brow_inner * (1 - along) - 0.05 * np.sin(np.pi * along)
    half = look.brow_thickness * (0.57 - 0.35 * along)
    _fill(canvas, _band(across, height - half, height + half), look.hair + 15)


def _paint_cheek(canvas, face, side):
    _shade(canvas, (side * 0.55, 0.38 - 0.1 * face.cheek), (0.2, 0.16), 14 + 12 * face.cheek)
    for step in np.linspace(0, 1, 4):
        fold = (side * (0.28 + 0.24 * step), NOSE_Y + 0.02 + 0.28 * step)
        _shade(canvas, fold, (0.04, 0.06), -14 - 14 * face.cheek)


def _paint_mouth(canvas, face, look):
    along = np.linspace(-1, 1, 25)
    across = face.mouth_width * along
    middle = MOUTH_Y - face.mouth_curve * (along**2 - 0.35) + face.mouth_open * 0.5
    arch = np.sqrt(np.clip(1 - along**2, 0, 1))
    upper = middle - (face.mouth_open + 0.012) * arch - face.lip_raise * (1 - along**2)
    lower = middle + (face.mouth_open + 0.012) * arch
    lip_end = lower + 1.3 * face.lip * arch
    _fill(canvas, _band(across, upper - face.lip * arch, lip_end), look.skin * 0.62)
    _fill(canvas, _band(across, upper, lower), 30)
    biting = upper + 0.6 * (lower - upper)
    _fill(canvas, _band(across, upper, biting), 30 + 190 * min(face.teeth, 1))
    _shade(canvas, (0, lip_end.max() + 0.1), (0.2, 0.05), -26)


def _photograph(canvas, look, generator, size):
    """Places the drawing in a picture of four times `size`, lights, blurs and shrinks it."""
    scale = 4 * size * look.half_width / HALF_HEAD
    place = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), look.roll, scale)
    place[:, 2] += 4 * size * np.array([look.centre_x, look.centre_y]) - CANVAS / 2
    canvas = cv2.warpAffine(canvas, place, (4 * size, 4 * size), borderMode=cv2.BORDER_REPLICATE)
    ramp = np.linspace(-1, 1, 4 * size, dtype="float32")
    canvas += look.light_across * ramp + look.light_down * ramp[:, None]
    canvas = 128 + look.contrast * (canvas - 128) + look.brightness
    return _develop(canvas, look.blur, look.grain, generator, size)


def _develop(canvas, blur, grain, generator, size):
    """Blurs, shrinks, adds noise and rounds: the last steps of every picture."""
    canvas = cv2.GaussianBlur(canvas, (0, 0), blur * len(canvas))
    picture = cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA)
    picture += grain * generator.standard_normal((size, size))
    return np.clip(np.round(picture), 0, 255).astype("uint8")


def draw_scene(generator, size=48):
    """Draws a gray picture without a face: clouds, flat shapes, a light gradient and grain.

    Args:
        generator: A numpy Generator.
        size: Side of the picture in pixels.

    Returns:
        uint8 array, shape `(size, size)`, gray levels 0-255.
    """
    side = 4 * size
    cells = int(generator.integers(2, 9))
    clouds = generator.uniform(40, 215, (cells, cells)).astype("float32")
    canvas = cv2.resize(clouds, (side, side), interpolation=cv2.INTER_CUBIC)
    for _ in range(generator.integers(0, 6)):
        centre, radii = generator.uniform(0, side, 2), generator.uniform(0.05, 0.4, 2) * side
        box = cv2.boxPoints((centre.tolist(), radii.tolist(), generator.uniform(0, 90)))
        shape = box if generator.random() < 0.5 else _ellipse(0, radii / 2) + centre
        cv2.fillPoly(canvas, [np.round(shape).astype("int32")], generator.uniform(10, 245))
    canvas += generator.uniform(-40, 40) * np.linspace(-1, 1, side, dtype="float32")
    blur, grain = generator.uniform((0.004, 1), (0.02, 8))
    return _develop(canvas, blur, grain, generator, size)
