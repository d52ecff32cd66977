"""ferd.inference.classifier: predictions are the network's for the study's crop."""

import threading

import cv2
import numpy as np
import pytest
from PIL import Image

from ferd.classes import CLASSES
from ferd.imaging.detector import crop, detect
from ferd.imaging.framing import Framing, cut
from ferd.imaging.images import BadImage
from ferd.inference import classifier as module
from ferd.inference.classifier import Classifier
from ferd.inference.onnx_network import ModelError
from ferd.inference.reading.media import Frame, Problem
from tests.helpers.predicting import PHOTO, SIZE, rgb, write_model
from tests.helpers.sketches import DETECTOR, face, scene

FACES = [face(name, seed) for seed, name in enumerate(CLASSES, start=100)]


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    model = write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")
    return Classifier.load(model, threads=1, detector="study")


def values(emotions):
    return np.array([list(emotion.probabilities.values()) for emotion in emotions])


def expected(classifier, crops):
    return classifier.network.calibrated(np.stack(crops))


def test_a_ready_crop_gets_the_networks_calibrated_answer(classifier):
    emotions = classifier.predict(FACES)
    answers = expected(classifier, FACES)
    assert values(emotions) == pytest.approx(answers)
    for emotion, answer in zip(emotions, answers, strict=True):
        assert emotion.label == CLASSES[answer.argmax()]
        assert emotion.confidence == emotion.probabilities[emotion.label] == max(answer)
        assert list(emotion.probabilities) == list(CLASSES)
        assert sum(emotion.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert len({emotion.label for emotion in emotions}) > 1


def test_classes_are_named_in_the_models_own_order(tmp_path):
    turned = write_model(tmp_path / "tiny.onnx", classes=list(CLASSES[::-1]))
    (emotion,) = Classifier.load(turned).predict(FACES[:1])
    assert list(emotion.probabilities) == list(CLASSES[::-1])


def test_gray_and_rgb_lists_and_arrays_give_the_same(classifier):
    wanted = classifier.predict(FACES)
    assert classifier.predict(np.stack(FACES)) == wanted
    assert classifier.predict([rgb(image) for image in FACES]) == wanted
    assert classifier.predict(np.stack(FACES)[..., np.newaxis]) == wanted


def test_a_crop_of_another_size_is_resized_as_the_study_does(classifier):
    large = face("happy", 1, 200)
    wanted = expected(classifier, [cv2.resize(large, (48, 48))])
    assert values(classifier.predict([large])) == pytest.approx(wanted)


def test_no_images_give_no_emotions(classifier):
    assert classifier.predict([]) == []


@pytest.mark.parametrize(
    "image",
    [FACES[0] / 255, FACES[0][0], np.zeros((0, 5), np.uint8), np.zeros((4, 4, 4), np.uint8), [[1]]],
    ids=["fractions", "one-row", "empty", "four-channels", "integers"],
)
def test_what_is_no_image_is_refused(classifier, image):
    with pytest.raises(ValueError, match="must be uint8"):
        classifier.predict([image])
    with pytest.raises(ValueError, match="must be uint8"):
        classifier.predict_faces(image)


@pytest.mark.parametrize("seed", range(5))
def test_of_a_study_image_the_first_face_is_the_studys_crop(classifier, seed):
    picture = face("happy", 100 + seed)
    detection = detect(picture, (0, 1, 2, 3), DETECTOR)
    found = classifier.predict_faces(picture)[0]
    assert (found.left, found.top) == (detection.left, detection.top)
    assert (found.right, found.bottom) == (detection.right, detection.bottom)
    assert (found.level, found.detector_score) == (detection.level, detection.score)
    wanted = expected(classifier, [crop(picture, detection, 48)])
    assert values([found.emotion]) == pytest.approx(wanted)


def test_of_a_photo_every_face_is_cut_out_of_the_full_size(classifier):
    large = cv2.resize(PHOTO, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    found = classifier.predict_faces(rgb(large))
    assert len(found) == 2
    crops = [large[one.top : one.bottom, one.left : one.right] for one in found]
    wanted = expected(classifier, [cv2.resize(cut, (48, 48)) for cut in crops])
    assert values([one.emotion for one in found]) == pytest.approx(wanted)


def test_a_photo_without_a_face_gives_an_empty_list(classifier):
    assert classifier.predict_faces(scene(0)) == []
    assert classifier.predict_faces(np.zeros((1, 1, 3), np.uint8)) == []


def test_a_network_is_shown_as_much_around_the_box_as_it_asks_for(tmp_path):
    sides = {"left": -0.2, "top": -0.3, "right": 1.2, "bottom": 1.1}
    model = write_model(tmp_path / "tiny.onnx", framing=sides)
    classifier = Classifier.load(model, detector="dlib")
    faces = classifier.predict_faces(PHOTO)
    shown = [cut(PHOTO, face, Framing(**sides), SIZE) for face in faces]
    assert faces and [face.emotion for face in faces] == classifier.predict(shown)
    boxed = [crop(PHOTO, face, SIZE) for face in faces]
    assert [face.emotion for face in faces] != classifier.predict(boxed)


def test_a_whole_image_is_one_face_without_detection(classifier):
    (found,) = classifier.predict_faces(PHOTO, whole_image=True)
    assert (found.left, found.top, found.right, found.bottom) == (0, 0, 640, 520)
    assert found.level is None and found.detector_score is None
    assert [found.emotion] == classifier.predict([PHOTO])


def test_a_path_gives_the_same_as_its_pixels(classifier, tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(PHOTO).save(path)
    wanted = classifier.predict_faces(PHOTO)
    assert len(wanted) == 2
    assert classifier.predict_faces(path) == classifier.predict_faces(str(path)) == wanted


@pytest.mark.parametrize("orientation, turns", [(3, 2), (6, 1), (8, 3)])
def test_a_photo_taken_sideways_gives_the_same_as_the_upright_one(
    classifier, tmp_path, orientation, turns
):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.rot90(PHOTO, turns)).save(tmp_path / "turned.png", exif=exif)
    assert classifier.predict_faces(tmp_path / "turned.png") == classifier.predict_faces(PHOTO)
    assert classifier.predict_faces(np.rot90(PHOTO, turns)) != classifier.predict_faces(PHOTO)


def test_a_broken_path_is_named(classifier, tmp_path):
    with pytest.raises(BadImage, match=r"none.jpg: cannot be read \(No such file"):
        classifier.predict_faces(tmp_path / "none.jpg")


def stream():
    """Frames with two, one and no faces, and a problem in between."""
    pictures = [PHOTO, FACES[0], scene(0), FACES[1], FACES[2]]
    frames = [Frame("a", number, rgb(picture)) for number, picture in enumerate(pictures)]
    return [*frames[:2], Problem("b", "broken"), *frames[2:]]


@pytest.mark.parametrize("batch_size", [1, 2, 3, 64])
def test_a_stream_keeps_its_order_and_batches_do_not_matter(classifier, batch_size):
    items = stream()
    answers = list(classifier.predict_frames(items, batch_size))
    assert all(item is given for (item, _), given in zip(answers, items, strict=True))
    assert answers[2][1] == []
    alone = [classifier.predict_faces(item.pixels) for item in items if isinstance(item, Frame)]
    found = [faces for item, faces in answers if isinstance(item, Frame)]
    assert [len(faces) for faces in found] == [2, 1, 0, 1, 1]
    for faces, wanted in zip(found, alone, strict=True):
        assert [one.left for one in faces] == [one.left for one in wanted]
        emotions, others = [one.emotion for one in faces], [one.emotion for one in wanted]
        assert values(emotions) == pytest.approx(values(others), abs=1e-6)


def taken_before_first_answer(classifier, pictures, batch_size):
    """How many frames are read before the first answer comes."""
    taken = []

    def frames():
        for number, picture in enumerate(pictures):
            taken.append(number)
            yield Frame("a", number, picture)

    next(classifier.predict_frames(frames(), batch_size))
    return len(taken)


def test_no_more_frames_wait_than_a_batch_holds_or_memory_allows(classifier, monkeypatch):
    empty = [rgb(scene(0))] * 10
    assert taken_before_first_answer(classifier, empty, 1) == 1
    assert taken_before_first_answer(classifier, empty, 4) == 4
    assert taken_before_first_answer(classifier, empty, 64) == 10
    monkeypatch.setattr(module, "MAX_WAITING_PIXELS", 3 * 48 * 48)
    assert taken_before_first_answer(classifier, empty, 64) == 3


def test_several_threads_may_share_a_classifier(classifier):
    wanted, found = classifier.predict_faces(PHOTO), []
    threads = [
        threading.Thread(target=lambda: found.append(classifier.predict_faces(PHOTO)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_a_model_that_is_missing_is_named_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "MODEL", tmp_path / "models" / "general.onnx")
    with pytest.raises(ModelError, match=r"models/general\.onnx: the model cannot be read"):
        Classifier.load()


def test_the_default_model_lies_in_the_package():
    assert module.MODEL.parts[-3:] == ("ferd", "models", "general.onnx")
