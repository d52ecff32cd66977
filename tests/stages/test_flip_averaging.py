"""The stage flip_averaging on small faces and an untrained network."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces
from ferd.networks.paper_cnn import build_network
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities
from stages import flip_averaging
from tests.helpers.small_faces import make_faces, write_crops

COLUMNS = [f"p_{name}" for name in CLASSES]


def run(patch, folder, mirrored):
    """The stage's table in a folder of its own, where the faces may stand in mirror image."""
    folder.mkdir()
    patch.chdir(folder)
    patch.setattr(sys, "argv", ["stage"])
    (folder / "params.yaml").write_text(yaml.safe_dump({"flip_averaging": {"batch_size": 16}}))
    parts = {split: make_faces((4,) * 7, seed, 16, split) for seed, split in enumerate(SPLITS)}
    if mirrored:
        for faces in parts.values():
            faces.images[:] = faces.images[:, :, ::-1].copy()
    write_crops(splits=parts)
    save_model(build_network(size=16, seed=1), "data/train/model.keras")
    flip_averaging.main()
    return pd.read_csv("plots/flip_averaging/predictions.csv")


SPLITS = ("train", "test")


def test_each_detected_test_face_has_the_mean_of_two_answers(tmp_path, monkeypatch):
    table = run(monkeypatch, tmp_path / "plain", mirrored=False)
    test, model = load_faces("test"), load_trained("train")
    assert table["name"].tolist() == test.names.tolist()
    both = [probabilities(model, images, 16) for images in (test.images, test.images[:, :, ::-1])]
    assert np.abs(both[0] - both[1]).max() > 1e-4
    assert table[COLUMNS].to_numpy() == pytest.approx(np.mean(both, axis=0), abs=1e-6)
    right = table["actual"] == table["predicted"]
    found = json.loads((tmp_path / "plain/metrics/flip_averaging.json").read_text())
    assert found["accuracy"] == pytest.approx(right.mean(), abs=1e-6)


def test_a_face_and_its_mirror_image_get_the_same_answer(tmp_path, monkeypatch):
    plain, mirrored = (run(monkeypatch, tmp_path / str(side), side) for side in (False, True))
    pd.testing.assert_frame_equal(plain, mirrored, atol=2e-6)
