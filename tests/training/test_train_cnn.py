"""Training: what must hold of a run whatever it learns."""

import numpy as np
import pytest

from ferd.dataset.parts.faces import Faces
from ferd.training.paper.train_cnn import predict, train_network
from tests.helpers.killing import Killed, kill_after

SETTINGS = {
    "seed": 5,
    "exclude_test_copies": False,
    "validation_fraction": 0.25,
    "epochs": 3,
    "batch_size": 16,
    "learning_rate": 0.001,
    "schedule": "cosine",
    "warmup_epochs": 1,
    "plateau_factor": 0.5,
    "plateau_patience": 1,
    "early_stopping_patience": 3,
    "batch_norm_momentum": 0.99,
    "l2": 0.0003,
    "block_dropout": [0.25, 0.3, 0.35, 0.4],
    "dense_dropout": [0.6, 0.5],
    "class_weights": "balanced",
    "flip": True,
    "rotation_degrees": 10.0,
    "precision": "float32",
}


@pytest.fixture
def faces():
    generator = np.random.default_rng(0)
    images = generator.integers(0, 255, (56, 16, 16), dtype=np.uint8)
    classes = np.arange(56) % 7
    names = np.array([f"train/{index}" for index in range(56)])
    return Faces(images, classes, names, np.ones(56, bool))


def test_killed_run_ends_as_an_uninterrupted_one_and_trains_no_further(
    faces, tmp_path, monkeypatch
):
    """By plateau, whose callbacks have numbers of their own; test_train.py has the cosine."""
    monkeypatch.setenv("FERD_CHECKPOINTS", str(tmp_path))
    settings = SETTINGS | {"schedule": "plateau"}
    validating = np.arange(56) >= 42
    whole = train_network(faces, validating, settings)
    whole.checkpoint.clear()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(patch, 2)
        train_network(faces, validating, settings)
    resumed = train_network(faces, validating, settings)
    assert resumed.resumed_at == 2
    assert whole.history.equals(resumed.history)
    # Killed after its last epoch, before the results were written.
    again = train_network(faces, validating, settings)
    assert again.resumed_at == 3 and again.history.equals(whole.history)
    for training in (resumed, again):
        answers = predict(training.model, faces.images)
        assert np.array_equal(predict(whole.model, faces.images), answers)
