"""ferd.report.readme.picture: the README's picture is drawn, its caption says how good it is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ferd.inference.classifier import Classifier
from ferd.report.readme import picture as module
from ferd.report.readme.picture import DRAWN, GAP, MARKERS, SIDE, description, draw, picture

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def classifier():
    return Classifier.load(detector="study")  # the captions have room above its boxes


def test_committed_picture_and_caption_are_what_the_module_makes(classifier):
    drawn = np.asarray(picture(classifier), int)
    committed = np.asarray(Image.open(ROOT / "docs/picture.png"), int)
    assert drawn.shape == committed.shape
    # A caption may differ by a per cent, and the drawing by a gray level, on another processor.
    assert np.abs(drawn - committed).mean() < 1
    text = (ROOT / "README.md").read_text().split(MARKERS[0])[1].split(MARKERS[1])[0].strip()
    (words, count), (same, now) = map(counted, (text, description(classifier)))
    assert words == same and abs(count - now) <= 2


def counted(text):
    """The caption without its last number, and that number."""
    words, _, count = text.rstrip(".").rpartition(" ")
    return words, int(count)


def test_every_drawn_face_has_a_yellow_box_and_gaps_are_transparent(classifier):
    pixels = np.asarray(picture(classifier))
    yellow = (pixels[:, :, :3] == (255, 221, 0)).all(axis=2)
    width = (pixels.shape[1] + GAP) // len(DRAWN)
    for number in range(len(DRAWN)):
        assert yellow[:, number * width : (number + 1) * width].sum() > SIDE
    assert (pixels[:, width - GAP : width, 3] == 0).all() and (pixels[:, 0, 3] == 255).all()


def test_caption_counts_the_drawings_that_are_predicted_as_drawn(monkeypatch):
    class Always:
        def predict_faces(self, tile):
            from types import SimpleNamespace

            return [SimpleNamespace(emotion=SimpleNamespace(label="happy"))]

    monkeypatch.setattr(module, "SEEDS", range(2))
    assert "of 14 such drawings" in description(Always())
    assert description(Always()).endswith("expression for 2.")


def test_a_drawing_is_the_same_in_every_call():
    assert (draw("sad", 1) == draw("sad", 1)).all() and (draw("sad", 1) != draw("sad", 2)).any()
