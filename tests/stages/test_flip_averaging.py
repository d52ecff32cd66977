"""The run flip_averaging of the stage probabilities, on small faces and an untrained network."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import load_faces
from ferd.networks.paper.paper_cnn import build_network
from ferd.scoring import networks
from ferd.study import restore
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained, probabilities
from stages import audit, score
from stages import probabilities as stage
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import contents, read, write_params

COLUMNS = [f"p_{name}" for name in CLASSES]
SPLITS = ("train", "test")
RESULTS = "data/flip_averaging/results"


def run(patch, folder, mirrored):
    """The run's table in a folder of its own, where the faces may stand in mirror image."""
    folder.mkdir()
    patch.chdir(folder)
    patch.setattr(networks, "NETWORKS", {"cnn": networks.Network("cosine")})
    write_params()
    parts = {split: make_faces((4,) * 7, seed, 16, split) for seed, split in enumerate(SPLITS)}
    if mirrored:
        for faces in parts.values():
            faces.images[:] = faces.images[:, :, ::-1].copy()
    write_crops(splits=parts)
    save_model(build_network(size=16, seed=1), "data/cosine/model.keras")
    stage.main()
    return pd.read_csv(f"{RESULTS}/predictions.csv")


def test_each_detected_test_face_has_the_mean_of_two_answers(tmp_path, monkeypatch):
    table = run(monkeypatch, tmp_path / "plain", mirrored=False)
    test, model = load_faces("test"), load_trained("cosine")
    assert table["name"].tolist() == test.names.tolist()
    both = [probabilities(model, images, 16) for images in (test.images, test.images[:, :, ::-1])]
    assert np.abs(both[0] - both[1]).max() > 1e-4
    assert table[COLUMNS].to_numpy() == pytest.approx(np.mean(both, axis=0), abs=1e-6)
    found = load_faces("test", view="whole").found
    with np.load("data/probabilities.npz") as file:
        mean = (file["cosine_test"].astype("float64") + file["cosine_mirrored"]) / 2
    assert table[COLUMNS].to_numpy() == pytest.approx(mean[found], abs=1e-6)
    predicted = [CLASSES[index] for index in mean[found].argmax(axis=1)]
    assert table["predicted"].tolist() == predicted


def test_it_is_scored_and_restored_as_a_training(tmp_path, monkeypatch):
    table = run(monkeypatch, tmp_path / "plain", mirrored=False)
    audit.main()
    score.main("flip_averaging", None)
    row, before = read("metrics/flip_averaging.json"), contents(RESULTS)
    right = (table["actual"] == table["predicted"]).mean()
    assert row["accuracy"] == pytest.approx(right, abs=1e-6)
    assert row["parameters"] == load_trained("cosine").count_params()
    assert "validation_accuracy" not in row
    for path in before:
        (tmp_path / "plain" / path).unlink()
    restore.restore_training("flip_averaging")
    assert contents(RESULTS) == before and len(before) == 3


def test_a_face_and_its_mirror_image_get_the_same_answer(tmp_path, monkeypatch):
    plain, mirrored = (run(monkeypatch, tmp_path / str(side), side) for side in (False, True))
    pd.testing.assert_frame_equal(plain, mirrored, atol=2e-6)
