"""Draws the photos and the crops on which `benchmarks/scale.py` measures."""

import common

PHOTOS, DRAWN = 192, 16  # files, and different photos among them
WIDTH, HEIGHT, FACE = 1024, 768, 260  # pixels
CROPS = 4096
FOLDER = common.ROOT / "build/benchmarks/scale"


def photos():
    """Paths of photos, a face in each: JPEG files."""
    folder = common.made_once(FOLDER / "photos", draw_photos)
    return [str(folder / f"{number % DRAWN}.jpg") for number in range(PHOTOS)]


def draw_photos(folder):
    import numpy as np
    from PIL import Image

    from ferd.classes import CLASSES
    from ferd.sketch.faces import draw_face

    generator = np.random.default_rng(0)
    for number in range(DRAWN):
        canvas = generator.normal(128, 8, (HEIGHT, WIDTH)).clip(0, 255).astype("uint8")
        face = draw_face(CLASSES[number % len(CLASSES)], generator, FACE)
        canvas[200 : 200 + FACE, 40 * number : 40 * number + FACE] = face
        Image.fromarray(canvas).convert("RGB").save(folder / f"{number}.jpg", quality=90)


def crops():
    """Paths of ready crops of 48x48 pixels."""
    folder = common.made_once(FOLDER / "crops", draw_crops)
    return [str(folder / f"{number % DRAWN}.png") for number in range(CROPS)]


def draw_crops(folder):
    import numpy as np
    from PIL import Image

    from ferd.sketch.faces import draw_face

    for number in range(DRAWN):
        face = draw_face("happy", np.random.default_rng(number))
        Image.fromarray(face).save(folder / f"{number}.png")
