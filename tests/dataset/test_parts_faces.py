"""ferd.dataset.parts.faces: images keep their classes and names, in the file's order."""

import numpy as np
import pytest

from ferd.dataset.parts.faces import load_faces
from tests.helpers.small_faces import make_faces, write_crops


@pytest.mark.parametrize("split", ["train", "test"])
def test_whole_gives_every_image_of_the_split_uncut(small_crops, split):
    rows = small_crops["splits"] == split
    faces = load_faces(split, view="whole")
    assert len(faces) == rows.sum() == 28 and not faces.found.all()
    assert np.array_equal(faces.images, small_crops["whole"][rows])
    assert np.array_equal(faces.classes, small_crops["classes"][rows])
    assert np.array_equal(faces.names, small_crops["names"][rows])
    assert np.array_equal(faces.found, small_crops["found"][rows])


@pytest.mark.parametrize("split", ["train", "test"])
def test_crops_gives_the_detected_faces_alone_cut_out(small_crops, split):
    rows = (small_crops["splits"] == split) & small_crops["found"]
    faces = load_faces(split)
    assert 0 < len(faces) == rows.sum() < 28 and faces.found.all()
    assert np.array_equal(faces.images, small_crops["crops"][rows])
    assert np.array_equal(faces.names, small_crops["names"][rows])
    assert np.array_equal(faces.classes, small_crops["classes"][rows])


@pytest.mark.parametrize("rows", [np.array([5, 0, 5]), np.arange(28) % 3 == 0])
def test_take_keeps_image_class_name_and_found_together(small_faces, rows):
    taken = small_faces.take(rows)
    wanted = np.arange(28)[rows]
    assert len(taken) == len(wanted)
    for row, index in enumerate(wanted):
        assert np.array_equal(taken.images[row], small_faces.images[index])
        assert taken.classes[row] == small_faces.classes[index]
        assert taken.names[row] == small_faces.names[index]
        assert taken.found[row] == small_faces.found[index]


def test_a_split_without_a_detected_face_stops_the_stage(tmp_path):
    splits = {"train": make_faces(found_share=0), "test": make_faces(split="test")}
    write_crops(tmp_path / "crops.npz", splits)
    with pytest.raises(SystemExit, match=r"crops\.npz: no face in the train split; .*crop\.levels"):
        load_faces("train", path=tmp_path / "crops.npz")
    assert len(load_faces("train", "whole", tmp_path / "crops.npz")) == 28
