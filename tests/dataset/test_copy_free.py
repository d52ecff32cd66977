"""ferd.dataset.parts.copy_free: with the setting on, no copy of a test image is trained on."""

import pytest

from ferd.dataset.parts.copy_free import training_faces
from tests.helpers.small_faces import make_faces

FACES = make_faces()
COPIES = [FACES.names[3], FACES.names[10]]


def write(folder, names):
    path = folder / "copies.csv"
    path.write_text("\n".join(["name", *names]) + "\n")
    return path


def test_off_takes_every_face_and_does_not_even_read_the_list():
    assert training_faces(FACES, {"exclude_test_copies": False}, "none.csv") is FACES


def test_on_leaves_out_just_the_listed_faces(tmp_path):
    path = write(tmp_path, [*COPIES, "train/happy/not-detected"])
    kept = training_faces(FACES, {"exclude_test_copies": True}, path)
    assert set(FACES.names) - set(kept.names) == set(COPIES)
    assert len(kept.images) == len(kept.classes) == len(kept) == len(FACES) - 2


def test_an_empty_list_leaves_out_nothing(tmp_path):
    kept = training_faces(FACES, {"exclude_test_copies": True}, write(tmp_path, []))
    assert list(kept.names) == list(FACES.names)


def test_a_list_of_other_images_is_refused(tmp_path):
    path = write(tmp_path, ["train/happy/elsewhere"])
    with pytest.raises(SystemExit, match="lists other images than these"):
        training_faces(FACES, {"exclude_test_copies": True}, path)
