"""benchmarks/peers.py and its parts, with made-up predictions: no network, no package installed."""

import json
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES


@pytest.fixture
def images(load):
    """Four images, three of them unseen; the last two are copies of each other."""
    return load("peer.images").Images(
        np.arange(4 * 48 * 48, dtype="uint32").astype("uint8").reshape(4, 48, 48),
        np.array(["happy", "sad", "fear", "fear"]),
        np.array([False, True, True, True]),
        np.array([True, True, False, True]),
        np.array([0, 1, 2, 2]),
    )


def test_every_word_means_a_class_of_the_study_or_none(load):
    words = load("peer.candidates").WORDS
    assert set(words.values()) == {*CLASSES, None}
    assert all(words[name] == name for name in CLASSES)


def test_labels_are_mapped_in_any_case_and_contempt_is_always_wrong(load):
    study_class = load("peer.candidates").study_class
    assert [study_class(word) for word in ("Anger", "surprised", "Sad")] == [
        "angry",
        "surprise",
        "sad",
    ]
    assert study_class("contempt") is None
    assert load("peer.scores").are_right(["Contempt", None, "Happy"], ["sad", "sad", "happy"])[
        2
    ] and not any(load("peer.scores").are_right(["Contempt", None], ["sad", "sad"]))


def test_an_unknown_label_is_an_error(load):
    with pytest.raises(ValueError, match="'bored'"):
        load("peer.candidates").study_class("bored")


def test_unseen_are_the_papers_test_images_without_a_copy_in_train(load):
    audit = pd.DataFrame(
        {
            "split": ["train", "test", "test", "test", "test"],
            "copy": ["none", "none", "near", "exact", "none"],
        }
    )
    in_part = np.array([True, True, True, True, False])
    unseen = load("peer.images").unseen_images(audit, in_part)
    assert unseen.tolist() == [False, True, False, False, False]


def test_private_test_is_read_from_the_stages_outputs(load, tmp_path):
    names = np.array(["test/fear/32298", "test/happy/32297", "train/sad/35886"])
    audit = pd.DataFrame(
        {
            "split": ["test", "test", "train"],
            "class": ["fear", "happy", "sad"],
            "name": ["32298", "32297", "35886"],
            "copy_group": [0, 1, 2],
            "found": [1, 1, 0],
            "copy": "none",
        }
    )
    audit.to_csv(tmp_path / "audit.csv", index=False)
    whole = np.arange(3, dtype="uint8")[:, None, None] * np.ones((1, 48, 48), "uint8")
    np.savez(tmp_path / "crops.npz", names=names, whole=whole)
    read = load("peer.images").read_images(tmp_path)
    assert read.classes.tolist() == ["fear", "sad"] and read.unseen.tolist() == [True, False]
    assert read.pixels[:, 0, 0].tolist() == [0, 2] and read.groups.tolist() == [0, 2]
    assert read.found.tolist() == [True, False]
    counts = {"private_test": 2, "unseen": 1, "unseen_found": 1}
    assert load("peers").count(read) == counts
    np.savez(tmp_path / "crops.npz", names=names[::-1], whole=whole)
    with pytest.raises(SystemExit, match="other images"):
        load("peer.images").read_images(tmp_path)
    (tmp_path / "crops.npz").unlink()
    with pytest.raises(SystemExit, match="dvc repro audit"):
        load("peer.images").read_images(tmp_path)


def test_workers_read_all_crops_and_the_unseen_as_photos(load, images, tmp_path):
    module = load("peer.images")
    module.write_faces(tmp_path / "faces.npz", images)
    with np.load(tmp_path / "faces.npz") as file:
        assert np.array_equal(file["crops"], images.pixels)
        assert np.array_equal(file["48"], images.pixels[1:])
        assert {file[str(side)].shape for side in module.SIDES} == {
            (3, side, side) for side in module.SIDES
        }


def test_ready_crops_are_scored_on_all_and_on_the_unseen(load, images):
    answers = {"crops": ["happy", "Sadness", "happy", "fear"], "photos": {}}
    scores = load("peer.scores").score("fer", answers, images)
    assert scores["crops_private_test"] == 0.75 and scores["crops"] == pytest.approx(2 / 3)
    assert scores["crops_found"] == 1
    assert 0 <= scores["crops_low"] < scores["crops"] < scores["crops_high"] <= 1


def test_ours_has_no_score_on_images_it_was_trained_on(load, images):
    answers = {"crops": ["happy", "sad", "happy", "fear"], "photos": {}}
    assert "crops_private_test" not in load("peer.scores").score("ferd", answers, images)


def test_a_photo_without_a_face_is_wrong_and_not_among_the_found(load, images):
    said = [["sad", None], [None, None], [None, "ValueError"]]
    answers = {"crops": ["sad"] * 4, "photos": {"48": said}}
    scores = load("peer.scores").score("fer", answers, images)
    assert scores["photo_48_found"] == scores["photo_48_of_all"] == pytest.approx(1 / 3)
    assert scores["photo_48_failed"] == pytest.approx(1 / 3) and scores["photo_48_of_found"] == 1


def test_where_no_face_is_found_there_is_no_accuracy_on_the_found(load, images):
    scores = load("peer.scores").score_photos([[None, None]] * 2, ["sad", "fear"], [0, 1])
    assert scores["of_found"] is None and scores["found"] == scores["of_all"] == 0


def test_worker_takes_the_largest_face_and_counts_what_a_package_raises(load):
    largest = load("peer.worker").largest
    photo = np.zeros((8, 6), "uint8")
    seen = []
    faces = [(4, "fear"), (9, "sad")]
    package = SimpleNamespace(photo=lambda photo: seen.append(photo.shape) or faces)
    assert largest(package, photo) == ["sad", None] and seen == [(8, 6, 3)]
    assert largest(SimpleNamespace(photo=lambda photo: []), photo) == [None, None]
    assert largest(SimpleNamespace(photo=lambda photo: 1 / 0), photo) == [None, "ZeroDivisionError"]


def test_every_variant_has_an_adapter(load):
    candidates = load("peer.candidates")
    assert set(load("peer.adapters").ADAPTERS) == {*candidates.VARIANTS, *candidates.PACKAGED}


def test_ours_answers_crops_and_photos(load):
    from tests.helpers.predicting import PHOTO

    ours = load("peer.adapters").ADAPTERS["ferd"]()
    assert set(ours.crops(np.zeros((2, 48, 48), "uint8"))) <= set(CLASSES)
    faces = ours.photo(PHOTO)
    assert faces and all(area > 0 and label in CLASSES for area, label in faces)
    assert ours.weights[0].exists()


def test_fer_takes_crops_as_boxes_of_one_picture(load):
    fer = load("peer.adapters").Fer.__new__(load("peer.adapters").Fer)

    def detect_emotions(picture, face_rectangles):
        levels = [int(picture[0, box[0], 0]) for box in face_rectangles]
        assert picture.shape == (48, 96, 3)
        return [
            {"box": box, "emotions": {"sad": level, "happy": 1}}
            for box, level in zip(face_rectangles, levels, strict=True)
        ]

    fer.of_crops = SimpleNamespace(detect_emotions=detect_emotions)
    crops = np.stack([np.zeros((48, 48), "uint8"), np.full((48, 48), 7, "uint8")])
    assert fer.crops(crops) == ["happy", "sad"]
    fer.of_crops = SimpleNamespace(detect_emotions=lambda *_, **__: [])
    with pytest.raises(ValueError, match="left out"):
        fer.crops(crops)


def test_weights_are_found_in_an_archive_by_ending_and_size(load, tmp_path):
    environments = load("peer.environments")
    path = tmp_path / "some-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("some/net.ONNX", bytes(40_000))
        file.writestr("some/tiny.onnx", bytes(100))
        file.writestr("some/picture.jpg", bytes(40_000))
    found = environments.weights_among(environments.members(path))
    assert found == [("some/net.ONNX", 40_000)]


def test_what_pip_cannot_get_is_listed_with_its_reason(load, monkeypatch):
    peers = load("peers")
    answers = {"a==1": [], "b==2": [("b/net.pt", 50_000)]}

    def look(requirement):
        if requirement not in answers:
            raise peers.environments.PipFailedError("No matching distribution")
        return answers[requirement]

    monkeypatch.setattr(peers.environments, "look_inside", look)
    assert peers.look_into(["a==1", "b==2", "c==3"]) == {
        "a==1": "no weights of expressions in its archive",
        "b==2": "no weights of expressions in its archive: net.pt (50,000 bytes) is none of "
        "expressions",
        "c==3": "pip: No matching distribution",
    }


def test_a_package_that_fails_is_listed_and_ours_is_not_passed_over(load, monkeypatch):
    peers = load("peers")
    broken = peers.environments.WorkerFailedError("some command failed:\nKeyError: 'x'")

    def work(task, name):
        if name == "facex":
            raise broken
        return {"crops": []}

    monkeypatch.setattr(peers, "work", work)
    answers, failed = peers.ask_all()
    assert list(answers) == [name for name in peers.VARIANTS if name != "facex"]
    assert failed == {"facex": "KeyError: 'x'"}
    monkeypatch.setattr(peers, "work", lambda *_: (_ for _ in ()).throw(broken))
    with pytest.raises(peers.environments.WorkerFailedError):
        peers.ask_all()


def test_pips_last_error_is_given_as_the_reason(load, monkeypatch):
    environments = load("peer.environments")
    text = "WARNING: x\nERROR: first\nERROR: No matching distribution found for some==1\nhint"
    ended = subprocess.CompletedProcess([], 1, stdout="", stderr=text)
    monkeypatch.setattr(environments.subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(environments.PipFailedError, match=r"^No matching distribution found"):
        environments.pip(sys.executable, "download", "some==1")


def test_table_has_a_column_per_variant_and_a_row_per_package_without_figures(load):
    photo = {"found": 0.5, "failed": 0.0, "of_found": None, "of_all": 0.25}
    photo |= {"of_all_low": 0.2, "of_all_high": 0.3}
    scores = {"crops": 0.5, "crops_low": 0.4, "crops_high": 0.6, "crops_found": 0.7}
    scores |= {f"photo_48_{key}": value for key, value in photo.items()}
    times = {"ms_per_face_at_1": 3.21, "ms_per_face_at_64": 2, "import_seconds": 1}
    section = {
        "images": {"private_test": 3589, "unseen": 647, "unseen_found": 486},
        "sides": [48],
        "facts": {"ferd": {"version": "v", "trained_on": "t"}},
        "accuracy": {"ferd": scores},
        "ms_per_photo": {"ferd": {"48": 7.0}},
        "median": {"ferd": times | {"load_seconds": 0.5, "weights_bytes": 8107454}},
        "not_measured": {"some==1": "no weights in its archive"},
    }
    text = load("peer.table").peer_table(json.loads(json.dumps(section)))
    assert "| measured | `ferd` |" in text and "all 3,589 of PrivateTest: accuracy | - |" in text
    assert "| ready crops, the 647 unseen: accuracy | 0.500 (0.400-0.600) |" in text
    assert "the 486 of them in which dlib finds a face: accuracy | 0.700 |" in text
    assert "| weights, MB | 8.11 |" in text and "| ms per photo of 48x48 | 7 |" in text
    assert "| `some==1` | no weights in its archive |" in text
