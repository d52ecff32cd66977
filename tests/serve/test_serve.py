"""The server's responses: predictions of photos, the page and the samples."""

import re
import tomllib

import numpy as np
import pytest
from PIL import Image

from ferd import __version__
from ferd.imaging.framing import cut, sides
from ferd.inference.classifier import Classifier
from ferd.inference.occlusion import occlusion_map
from ferd.inference.photo_result import MAX_MAPS
from ferd.serve.app import PAGE
from ferd.serve.guard import HEADERS
from ferd.sketch.samples import NAMES, NO_FACE
from tests.helpers.predicting import PHOTO, REPO, photo, write_model
from tests.helpers.serving import ask, form, json_of, packed, predict, serving
from tests.helpers.sketches import scene


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture(scope="module")
def port(model):
    with serving(model, max_bytes=3_000_000, max_pixels=2_000_000) as port:
        yield port


@pytest.fixture(scope="module")
def classifier(model):
    return Classifier.load(model, threads=1)


def test_a_photo_gets_the_answers_of_the_library_either_way(port, classifier):
    status, answer = predict(port, packed(PHOTO))
    assert status == 200 and answer == predict(port, *form(packed(PHOTO)))[1]
    assert answer["size"] == {"width": 640, "height": 520} and answer["message"] is None
    for row, face in zip(answer["faces"], classifier.predict_faces(PHOTO), strict=True):
        box = [row["box"][side] for side in ("left", "top", "right", "bottom")]
        assert box == [face.left, face.top, face.right, face.bottom]
        assert (row["level"], row["detector_score"]) == (face.level, face.detector_score)
        assert (row["label"], row["confidence"]) == (face.emotion.label, face.emotion.confidence)
        assert row["probabilities"] == face.emotion.probabilities and "occlusion" not in row


def test_maps_are_made_of_the_largest_faces_where_they_are_asked_for(port, classifier):
    places = [(150 * column, 150 * row) for row in range(2) for column in range(3)]
    six = photo([("happy", 1, 140 + n, *place) for n, place in enumerate(places)], 460, 310)
    status, answer = predict(port, packed(six), path="/predict?explain=1")
    assert status == 200 and len(answer["faces"]) == 6 > MAX_MAPS
    faces = classifier.predict_faces(six)
    for row, face in list(zip(answer["faces"], faces, strict=True))[:MAX_MAPS]:
        assert list(row["seen"].values()) == list(sides(face, classifier.framing))
        shown = cut(six, face, classifier.framing, 48)
        grid = occlusion_map(shown, classifier.network.calibrated)
        assert np.allclose(row["occlusion"], grid, atol=1e-3) and grid.any()
    assert answer["faces"][MAX_MAPS]["occlusion"] is None


def test_a_photo_without_a_face_is_told_kindly(port):
    status, answer = predict(port, packed(scene(0, 200)))
    assert (status, answer["faces"]) == (200, [])
    assert answer["message"].startswith("No face was found in this photo.")


def test_what_was_left_out_of_a_photo_is_told(port):
    assert predict(port, packed(PHOTO))[1]["notes"] == []
    several = packed(PHOTO, "GIF", save_all=True, append_images=[Image.new("L", (640, 520))])
    assert predict(port, several)[1]["notes"] == [
        "holds several pictures; only the first one is used"
    ]
    large = np.zeros((1500, 2000), "uint8")
    status, answer = predict(port, packed(large, "JPEG"))
    assert (status, answer["size"]) == (200, {"width": 1000, "height": 750})
    assert "2000 x 1500 pixels" in answer["notes"][0]


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_shows_one_face_but_the_one_that_shows_none(port, name):
    status, headers, content = ask(port, "GET", f"/samples/{name.replace(' ', '%20')}.png")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert len(predict(port, content)[1]["faces"]) == (0 if name == NO_FACE else 1)


def test_a_photo_taken_sideways_gives_the_boxes_of_the_upright_one(port):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = packed(np.rot90(PHOTO), exif=exif)
    assert predict(port, turned) == predict(port, packed(PHOTO))


@pytest.mark.parametrize(
    "content, faces",
    [
        (packed(PHOTO, "JPEG", mode="CMYK"), 2),
        (packed(PHOTO, "GIF", save_all=True, append_images=[Image.new("L", (640, 520))]), 2),
        (packed(np.zeros((1, 1), "uint8")), 0),
        (packed(PHOTO, "TIFF"), 2),
    ],
    ids=["CMYK", "animated", "1x1", "TIFF"],
)
def test_odd_images_are_answered(port, content, faces):
    status, answer = predict(port, content, "image/any")
    assert (status, len(answer["faces"])) == (200, faces)


def test_the_page_loads_nothing_from_elsewhere_and_all_it_names_is_there(port):
    status, headers, page = ask(port, "GET", "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    named = set(re.findall(r'(?:src|href)="([^"]+)"', page.decode())) - {"data:,"}
    scripts = "".join(file.read_text() for file in PAGE.glob("*.js"))
    named |= set(re.findall(r'from "([^"]+)"', scripts))
    assert {f"/samples/{name.replace(' ', '%20')}.png" for name in NAMES} < named
    assert {f"/{file.name}" for file in PAGE.iterdir()} - {"/index.html"} < named
    for path in named:
        assert path.startswith("/") and not path.startswith("//")
        assert ask(port, "GET", path)[0] == 200
    for file in PAGE.iterdir():
        assert not re.search(r"https?:|url\(|@import|\sstyle=|\son\w+=", file.read_text())


def test_the_page_says_what_a_label_is_not(port):
    page = ask(port, "GET", "/")[2].decode()
    assert "It is not what the person" in page and "feels" in page


def test_the_package_has_the_page_and_the_extra_names_what_the_pins_are_compiled_from():
    setup = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "page/*" in setup["package-data"]["ferd.serve"]
    (extra,) = setup["dynamic"]["optional-dependencies"]["serve"]["file"]
    names = [
        {re.split("[<>=]", line)[0] for line in (REPO / file).read_text().split("\n") if line}
        for file in (extra, "requirements.in")
    ]
    wanted = {"fastapi", "uvicorn", "python-multipart", "prometheus-client"}
    assert {name for name in names[0] if name[0] != "#"} == wanted and wanted < names[1]


def test_health_names_the_model_and_the_limits(port, classifier):
    assert json_of(ask(port, "GET", "/healthz")) == {
        "status": "ok",
        "model": classifier.network.sha256,
        "prior": None,
        "version": __version__,
        "decoding_seconds": 0,
        "limits": {"max_bytes": 3_000_000, "max_pixels": 2_000_000},
    }


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/page.js?file=1", 200),
        ("GET", "/samples/happy.png", 200),
        ("GET", "/samples/glad.png", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 200),
        ("GET", "/metrics", 200),
        ("GET", "/predict", 405),
        ("POST", "/predict", 415),
    ],
)
def test_every_answer_is_dressed_and_every_refusal_is_one_line_of_json(port, method, path, status):
    found, headers, content = ask(port, method, path)
    assert found == status
    assert {name: headers[name] for name in HEADERS} == HEADERS
    if status >= 400:
        line = json_of((found, headers, content))["error"]
        assert line and "\n" not in line
