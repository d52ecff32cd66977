"""ferd.training.ferplus: trainings for FER+'s own benchmark."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from ferd.dataset.ferplus.faces import FerplusFaces, FerplusPart
from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES
from ferd.study.settings import load_recipe
from ferd.training.ferplus import outputs, teacher
from ferd.training.ferplus.train import compiled_model, smooth_shares, train_ferplus
from tests.helpers.code import ROOT

SMALL = {"stem": 16, "widths": [16, 16], "blocks": [1, 1], "crop_size": 20, "batch_size": 8}


def settings(**changes):
    recipe = load_recipe("benchmark_ferplus", 3, ROOT / "params.yaml")
    return recipe | SMALL | {"epochs": 2, "warmup_epochs": 1} | changes


def part(count, seed=0):
    generator = np.random.default_rng(seed)
    classes = np.arange(count) % 8
    images = generator.integers(0, 255, (count, 24, 24), dtype="uint8")
    names = np.array([f"train/happy/{number}" for number in range(count)])
    return FerplusPart(images, classes, np.eye(8, dtype="float32")[classes], names)


@pytest.fixture
def faces(monkeypatch):
    """Faces of eight classes, in place of those of data/crops.npz."""
    faces = FerplusFaces(part(24), part(8, 1), part(9, 2))
    monkeypatch.setattr(outputs, "ferplus_faces", lambda exclude_test_copies: faces)
    return faces


def test_a_run_writes_network_curve_predictions_and_facts(empty_folder, faces):
    cost = {}
    outputs.run_ferplus("benchmark_ferplus/3", settings(), cost)
    folder = empty_folder / "data/benchmark_ferplus/3"
    network = keras.models.load_model(folder / "model.keras")
    assert network.output_shape == (None, 8)
    table = pd.read_csv(folder / "results/test_flip.csv")
    assert list(table["actual"]) == [FERPLUS_CLASSES[number] for number in faces.test.classes]
    probabilities = table[[f"p_{name}" for name in FERPLUS_CLASSES]].to_numpy()
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    assert (probabilities.argmax(axis=1) == table["predicted"].map(FERPLUS_CLASSES.index)).all()
    facts = json.loads((folder / "results/training.json").read_text())
    assert facts["faces"] == {"train": 24, "validation": 8, "test": 9}
    validation = pd.read_csv(folder / "results/validation_centre.csv")
    right = (validation["actual"] == validation["predicted"]).mean()
    assert facts["validation"]["centre"]["accuracy"] == pytest.approx(right)
    assert cost["epochs"] == 2
    assert len(pd.read_csv(empty_folder / "plots/benchmark_ferplus/3/history.csv")) == 2


def test_a_killed_training_goes_on_as_if_it_had_not_been_killed(empty_folder, faces):
    class Killed(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    whole = train_ferplus(faces, settings(), "float32")
    whole.checkpoint.clear()
    with pytest.raises(KeyboardInterrupt):
        train_ferplus(faces, settings(), "float32", callbacks=[Killed()]).checkpoint.clear()
    resumed = train_ferplus(faces, settings(), "float32")
    assert resumed.checkpoint.resumed_at == 1
    for one, other in zip(whole.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_smoothing_takes_from_every_share_alike():
    shares = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0]], dtype="float32")
    smooth = smooth_shares(shares, 0.2)
    np.testing.assert_allclose(smooth[0], [0.85, 0.05, 0.05, 0.05], rtol=1e-6)
    np.testing.assert_allclose(smooth.sum(axis=1), 1, rtol=1e-6)


def test_a_teacher_mixes_the_mean_prediction_into_the_targets():
    networks = [compiled_model(settings(seed=seed), 1) for seed in (1, 2)]
    inputs = np.random.default_rng(0).random((5, 20, 20, 1), dtype="float32")
    targets = np.eye(8, dtype="float32")[:5]
    mean = np.mean([network.predict(inputs, verbose=0) for network in networks], axis=0)
    taught = teacher.Teacher(networks, 0.75).teach(inputs, targets)
    np.testing.assert_allclose(taught, 0.25 * targets + 0.75 * mean, atol=1e-6)


def test_a_training_learns_from_the_networks_of_the_three_seeds(empty_folder, faces):
    with pytest.raises(SystemExit, match="benchmark_ferplus/2024/"):
        teacher.load_teacher(settings(distillation=0.5))
    for seed in teacher.SEEDS:
        path = empty_folder / teacher.TEACHER.format(seed=seed)
        path.parent.mkdir(parents=True)
        compiled_model(settings(seed=seed), 1).save(path)
    taught = settings(distillation=1.0)
    loaded = teacher.load_teacher(taught)
    assert len(loaded.arrays()) > 3 * 10 and teacher.load_teacher(settings()) is None
    alone = train_ferplus(faces, settings(), "float32").model.get_weights()
    learned = train_ferplus(faces, taught, "float32", loaded).model.get_weights()
    assert any(not np.array_equal(*pair) for pair in zip(alone, learned, strict=True))
