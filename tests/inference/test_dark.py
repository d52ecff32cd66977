"""Very dark faces and photos are brightened; the rows of all others stay as they are."""

from dataclasses import replace

import numpy as np
import pytest

from ferd.imaging.framing import Framing, cut
from ferd.inference.classifier import Classifier
from ferd.inference.detectors.base import FoundFace
from ferd.inference.faces.cutting import search, shown
from ferd.inference.faces.dark import BOUND, STRETCHED, stretched
from ferd.inference.photo_result import answer
from ferd.inference.reading.frames import Frame
from ferd.inference.writing.prediction_rows import rows
from tests.helpers.predicting import PHOTO, rgb, write_model

WHOLE = Framing(-0.1, -0.2, 1.1, 1.05)


def at(percent, pixels=PHOTO):
    return np.rint(pixels * (percent / 100)).astype("uint8")


class Recorder:
    """A detector that keeps what it is shown and finds one face."""

    name, settings = "dlib", ()

    def find(self, image):
        self.image = image
        return [FoundFace(40, 60, 280, 300, 0, 1.0)]


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    return Classifier.load(write_model(tmp_path_factory.mktemp("model") / "tiny.onnx"))


def test_a_very_dark_picture_gets_the_full_range():
    bright = stretched(at(8))
    assert (bright.min(), bright.max()) == (0, 255)
    assert np.corrcoef(bright.ravel(), PHOTO.ravel())[0, 1] > 0.99


@pytest.mark.parametrize("levels", [[BOUND] * 9, [0] * 90 + [BOUND] * 2, [7] * 9, [0, 3], [255]])
def test_a_brighter_one_and_one_without_levels_are_left_alone(levels):
    assert stretched(np.array([levels], "uint8")) is None


def test_a_few_bright_pixels_do_not_make_it_bright():
    dark = at(8)
    dark[:2, :2] = 255
    assert np.array_equal(stretched(dark)[9:], stretched(at(8))[9:])


def test_an_ordinary_face_is_cut_out_as_before():
    face = FoundFace(40, 60, 280, 300, 0, 1.0)
    crop, note = shown(PHOTO, face, WHOLE, 48)
    assert note is None and np.array_equal(crop, cut(PHOTO, face, WHOLE, 48))
    assert shown(PHOTO, None, WHOLE, 48)[1] is None


def test_a_dark_face_looks_like_a_bright_one_and_its_photo_stays():
    face = FoundFace(40, 60, 280, 300, 0, 1.0)
    dark = at(8)
    crop, note = shown(dark, face, WHOLE, 48)
    assert note == STRETCHED and np.array_equal(dark, at(8))
    assert np.corrcoef(crop.ravel(), cut(PHOTO, face, WHOLE, 48).ravel())[0, 1] > 0.98
    assert crop.max() > 200
    beyond = replace(face, left=-30, top=500, right=200, bottom=700)
    assert shown(dark, beyond, WHOLE, 48)[0].shape == (48, 48)


@pytest.mark.parametrize("pixels", [PHOTO, rgb(PHOTO)])
def test_a_dark_photo_is_searched_bright_and_another_as_it_is(pixels):
    detector = Recorder()
    search(pixels, detector, WHOLE, 48)
    assert detector.image is pixels
    (found,) = search(at(8, pixels), detector, WHOLE, 48)
    assert detector.image.max() == 255 and detector.image.shape == pixels.shape
    assert found.note == STRETCHED and found.box == (40, 60, 280, 300, 0, 1.0)


def test_faces_in_the_dark_are_found_and_their_rows_say_so(classifier):
    bright, dark = classifier.predict_faces(PHOTO), classifier.predict_faces(at(8))
    assert len(dark) == len(bright) == 2
    found = list(rows(Frame("a.png", 0, PHOTO, notes=("one",)), dark))
    assert [row["note"] for row in found] == [f"one, {STRETCHED}"] * 2
    assert [face.note for face in bright] == [None] * 2
    given = answer(classifier, at(8), notes=["one"])
    assert given["notes"] == ["one", f"face 1: {STRETCHED}", f"face 2: {STRETCHED}"]
    assert "note" not in given["faces"][0] and answer(classifier, PHOTO)["notes"] == []


def test_a_dark_crop_is_predicted_like_the_bright_one(classifier):
    crop = PHOTO[60:300, 40:280]
    full, low = classifier.predict([stretched(at(8, crop)), at(8, crop)])
    assert full == low
