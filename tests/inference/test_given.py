"""What callers may give to the Python API, and what they are told about the rest."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import ferd
from ferd.classes import CLASSES
from ferd.inference.classifier import Classifier, ModelError
from ferd.inference.given import pixels_of
from tests.helpers.predicting import PHOTO, save, write_model
from tests.helpers.sketches import face

CROP = face("happy", 3)
COLOUR = np.stack([CROP, 255 - CROP, CROP // 2], axis=2)
SHARES = dict(zip(CLASSES, (1, 2, 3, 4, 5, 6, 7), strict=True))


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    path = write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")
    return Classifier.load(path, threads=1, detector="study")


def content(pixels, kind="PNG", **settings):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **settings)
    return file.getvalue()


def test_a_photo_may_be_a_file_in_memory_an_open_file_a_path_or_pillows_image(classifier, tmp_path):
    wanted = classifier.predict_faces(PHOTO)
    save(tmp_path / "a.png", PHOTO)
    assert len(wanted) == 2
    assert classifier.predict_faces(content(PHOTO)) == wanted
    assert classifier.predict_faces(bytearray(content(PHOTO))) == wanted
    assert classifier.predict_faces(io.BytesIO(content(PHOTO))) == wanted
    assert classifier.predict_faces(Image.fromarray(PHOTO)) == wanted
    with open(tmp_path / "a.png", "rb") as file:
        assert classifier.predict_faces(file) == wanted
    crops = [tmp_path / "a.png", str(tmp_path / "a.png"), Image.fromarray(PHOTO), content(PHOTO)]
    assert classifier.predict(crops) == classifier.predict([PHOTO] * 4)


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "CMYK", "1", "I;16", "I"])
def test_pillows_image_is_read_as_the_file_that_it_is_saved_to(mode, tmp_path):
    image = Image.fromarray(COLOUR)
    if mode in ("I;16", "I"):
        image = Image.fromarray(CROP.astype("uint16") * 257)
    image = image.convert(mode)
    image.save(tmp_path / "a.tiff")
    found = pixels_of(image)
    assert found.dtype == np.uint8 and found.shape == (48, 48, 3) and found.std() > 0
    assert np.array_equal(found, pixels_of(tmp_path / "a.tiff"))


def test_pillows_image_is_turned_upright_as_its_file_is():
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = content(np.rot90(COLOUR), exif=exif)
    assert np.array_equal(pixels_of(Image.open(io.BytesIO(sideways))), COLOUR)
    assert np.array_equal(pixels_of(sideways), COLOUR)


@pytest.mark.parametrize(
    "image",
    [CROP, COLOUR, CROP[..., np.newaxis], Image.fromarray(CROP), "a.png", content(CROP)],
    ids=["gray", "colour", "one-channel", "pillow", "path", "bytes"],
)
def test_a_single_image_is_not_taken_for_a_list_of_its_rows(classifier, image):
    with pytest.raises(ValueError, match=r"predict takes several images; .* predict\(\[image\]\)"):
        classifier.predict(image)


@pytest.mark.parametrize(
    "image, hint",
    [
        (COLOUR.transpose(2, 0, 1), "put the channels last"),
        (COLOUR / 255, "bring its levels to 0 to 255"),
        (CROP.astype("uint16"), "bring its levels to 0 to 255"),
        (np.dstack([COLOUR, CROP]), r"leave out its transparency: image\[:, :, :3\]"),
        (np.stack([COLOUR, COLOUR]), "give one image at a time"),
        (None, "is of type NoneType; .*cv2.imread returns None"),
        (["a.png", "b.png"], "is of type list"),
    ],
)
def test_what_is_refused_says_what_to_do(classifier, image, hint):
    with pytest.raises(ValueError, match=hint):
        classifier.predict_faces(image)


def test_bytes_that_are_no_photo_are_named_in_one_line(classifier):
    with pytest.raises(ferd.BadImage, match=r"^the photo: is not an image"):
        classifier.predict_faces(b"hello")
    cut = Image.open(io.BytesIO(content(PHOTO)[:300]))
    with pytest.raises(ferd.BadImage, match=r"^the image: is cut off or damaged"):
        classifier.predict_faces(cut)


@pytest.mark.parametrize(
    "name, number", [("threads", 0), ("threads", -1), ("longest_side", 0), ("min_face", -1)]
)
def test_numbers_without_a_meaning_are_refused(name, number):
    with pytest.raises(ValueError, match=f"{name} is {number}; it must be"):
        Classifier.load("fast", **{name: number})


def test_shares_may_be_a_series_and_a_list_of_them_is_refused():
    wanted = Classifier.load("fast", prior=SHARES).prior
    assert Classifier.load("fast", prior=pd.Series(SHARES)).prior == wanted
    assert ferd.predict(PHOTO, "fast", prior=pd.Series(SHARES)) == ferd.predict(
        PHOTO, "fast", prior=SHARES
    )
    with pytest.raises(ValueError, match="prior is of type list; it must be a dict"):
        Classifier.load("fast", prior=[1] * 7)


@pytest.mark.parametrize("name", ["resnet", "General", ""])
def test_a_network_that_does_not_exist_is_answered_with_those_that_do(name):
    with pytest.raises(ModelError, match="general, annotators, compact, fast"):
        Classifier.load(name)


def test_an_onnx_file_without_its_json_file_is_told_so(tmp_path):
    path = write_model(tmp_path / "tiny.onnx")
    path.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match=r"tiny\.onnx: the file tiny\.json beside it.* is missing"):
        Classifier.load(path)


def test_a_name_given_to_the_constructor_is_answered_with_the_right_call():
    with pytest.raises(TypeError, match=r"Classifier\.load\('general'\) loads a network"):
        Classifier("general")


@pytest.mark.parametrize("file", [io.StringIO("a"), io.TextIOWrapper(io.BytesIO(b"a"))])
def test_a_file_open_as_text_is_told_so(file, classifier):
    with pytest.raises(ValueError, match='open it with mode "rb"'):
        classifier.predict_faces(file)
