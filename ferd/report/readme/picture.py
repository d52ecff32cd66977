"""Draws the picture of README.md: drawn faces with the packaged network's predictions.

Reads   nothing: the faces are drawn (ferd/sketch/faces.py), so no photo of a person is shown
Writes  docs/picture.png, and its caption in README.md
Run     python -m ferd.report.readme.picture     (from the top folder)
Takes   seconds
Expect  a face in each tile; the network was trained on photos and is often wrong on drawings
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from ferd.classes import CLASSES
from ferd.inference.classifier import Classifier
from ferd.inference.writing.annotate import annotate, caption
from ferd.sketch.faces import draw_face
from ferd.study.markdown import replace_block

PICTURE, DOCUMENT = Path("docs/picture.png"), Path("README.md")
MARKERS = (
    "<!-- picture: written by python -m ferd.report.readme.picture -->",
    "<!-- end of picture -->",
)
# Expression and seed of each drawn face; SEEDS are those of the faces that are counted.
DRAWN = (("angry", 7), ("happy", 3), ("sad", 1), ("surprise", 4))
SEEDS = range(8)
# At 320 pixels the captions are largest beside the face. MARGINS, cut off afterwards: pixels above,
# below, left and right.
SIDE, MARGINS, GAP = 320, (24, 0, 30, 30), 10


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    classifier = Classifier.load(detector="study")
    picture(classifier).save(PICTURE, optimize=True)
    text = DOCUMENT.read_text(encoding="utf-8")
    text = replace_block(text, description(classifier), *MARKERS)
    DOCUMENT.write_text(text, encoding="utf-8", newline="\n")


def picture(classifier):
    """The drawn faces side by side, each in a box with its predicted class and probability.

    Args:
        classifier: `ferd.inference.classifier.Classifier`.

    Returns:
        `PIL.Image`, transparent between the faces so that it fits a light and a dark page.
    """
    above, below, left, right = MARGINS
    gap = np.zeros((SIDE - above - below, GAP, 4), "uint8")
    parts = []
    for expression, seed in DRAWN:
        tile = draw(expression, seed)
        faces = classifier.predict_faces(tile)
        captions = [caption(face.emotion.label, face.emotion.confidence) for face in faces]
        shown = annotate(tile, faces, captions)[above : SIDE - below, left : SIDE - right]
        parts += [gap, np.dstack([shown, np.full_like(shown[:, :, :1], 255)])]
    return Image.fromarray(np.hstack(parts[1:]))


def description(classifier):
    """The caption: what was drawn, and how often the network predicts what was drawn.

    Args:
        classifier: `ferd.inference.classifier.Classifier`.
    """
    names = [expression for expression, _ in DRAWN]
    tiles = [(expression, draw(expression, seed)) for expression in CLASSES for seed in SEEDS]
    right = sum(
        face.emotion.label == expression
        for expression, tile in tiles
        for face in classifier.predict_faces(tile)[:1]
    )
    return (
        f"Drawn by the project as {', '.join(names[:-1])} and {names[-1]}; no photo of a person.\n"
        f"The network was trained on photos: of {len(tiles)} such drawings it predicts the drawn "
        f"expression for {right}."
    )


def draw(expression, seed):
    """A drawn face, uint8 RGB, shape `(SIDE, SIDE, 3)`."""
    gray = draw_face(expression, np.random.default_rng(seed), SIDE)
    return np.repeat(gray[:, :, None], 3, axis=2)


if __name__ == "__main__":
    main()
