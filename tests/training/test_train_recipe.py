"""ferd.training.recipes.train_recipe: a recipe learns, resumes unchanged and follows settings."""

import keras
import numpy as np
import pytest

from ferd.training.core.batches import to_input
from ferd.training.recipes.train_recipe import (
    RecipeBatches,
    make_optimizer,
    predict_views,
    smooth_targets,
    train_recipe,
)
from tests.helpers.killing import whole_and_resumed
from tests.helpers.small_faces import make_faces

pytestmark = pytest.mark.slow

SETTINGS = {
    "seed": 3,
    "crop_size": 8,
    "stem": 16,
    "stem_stride": 1,
    "widths": [16, 32],
    "blocks": [1, 1],
    "squeeze_excitation": 0.25,
    # At 0.99 the running means of twenty steps are still those of the start.
    "batch_norm_momentum": 0.8,
    "dropout_rate": 0.1,
    "epochs": 4,
    "batch_size": 14,
    "learning_rate": 0.1,
    "warmup_epochs": 1,
    "weight_decay": 0.0005,
    "average": 0.8,
    "label_smoothing": 0.1,
    "flip": True,
    "rotation_degrees": 5.0,
    "zoom": 0.1,
    "brightness": 0.1,
    "contrast": 0.1,
    "erasing": 0.2,
}


@pytest.fixture(scope="module")
def faces():
    """Faces whose class is their brightness, with noise."""
    faces = make_faces((10,) * 7, seed=2, size=10)
    faces.images[:] = 30 * faces.classes[:, None, None] + faces.images // 10
    return faces


def train(faces, folder, monkeypatch, **changes):
    monkeypatch.setenv("FERD_CHECKPOINTS", str(folder))
    settings = SETTINGS | changes
    targets = smooth_targets(faces.classes, settings["label_smoothing"])
    return train_recipe(faces, targets, faces.take(slice(0, 21)), settings, "float32")


def test_a_recipe_learns_what_there_is_to_learn(faces, tmp_path, monkeypatch):
    settings = {"epochs": 30, "brightness": 0.0, "contrast": 0.0, "erasing": 0.0}
    training = train(faces, tmp_path, monkeypatch, **settings)
    assert training.history["val_accuracy"].iloc[-1] > 0.6
    assert list(training.history["epoch"]) == list(range(1, 31))


def test_the_model_holds_the_averaged_weights_that_validation_scored(faces, tmp_path, monkeypatch):
    training = train(faces, tmp_path, monkeypatch)
    answers = predict_views(training.model, faces.images[:21], SETTINGS, "centre")
    accuracy = (answers.argmax(axis=1) == faces.classes[:21]).mean()
    assert training.history["val_accuracy"].iloc[-1] == pytest.approx(accuracy, abs=1e-6)


def test_a_run_stopped_after_an_epoch_ends_as_an_uninterrupted_one(faces, tmp_path, monkeypatch):
    whole_and_resumed(lambda name: train(faces, tmp_path / name, monkeypatch), monkeypatch, 2)


def test_targets_sum_to_1_and_keep_the_class_on_top():
    targets = smooth_targets(np.array([0, 6, 3]), 0.14)
    assert targets.sum(axis=1) == pytest.approx(1)
    assert list(targets.argmax(axis=1)) == [0, 6, 3] and targets.min() == pytest.approx(0.02)


def test_batches_depend_on_seed_and_epoch_alone(faces):
    targets = smooth_targets(faces.classes, 0.1)
    first, again = (RecipeBatches(faces.images, targets, SETTINGS) for _ in range(2))
    first.start_epoch(3)
    first[2]
    again.start_epoch(3)
    for one, other in zip(first[1], again[1], strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(first[1][1], targets[first.order[14:28]])
    again.start_epoch(4)
    assert (first[1][0] != again[1][0]).any()
    assert first[1][0].shape == (14, 8, 8, 1) and first[1][1].sum(axis=1) == pytest.approx(1)


def test_rate_rises_over_the_warm_up_and_falls_to_0():
    optimizer = make_optimizer(SETTINGS | {"epochs": 5}, steps=10)
    rates = []
    for step in (0, 5, 10, 30, 50):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    assert rates == pytest.approx([0, 0.05, 0.1, 0.05, 0], abs=1e-6)


def test_weight_decay_shrinks_kernels_and_spares_biases_and_norms():
    optimizer = make_optimizer(SETTINGS, steps=10)
    names = {"kernel": True, "bias": False, "gamma": False, "beta": False}
    variables = {name: keras.Variable(np.ones(2, "float32"), name=name) for name in names}
    optimizer.build(list(variables.values()))
    for name, shrinks in names.items():
        assert optimizer._use_weight_decay(variables[name]) == shrinks


def test_views_are_averaged(faces, tmp_path, monkeypatch):
    model = train(faces, tmp_path, monkeypatch, epochs=1, warmup_epochs=0).model
    images = faces.images[:5, 1:9, 1:9]
    both = [model.predict(to_input(one), verbose=0) for one in (images, images[:, :, ::-1])]
    answers = predict_views(model, images, {"crop_size": 8}, "flip")
    assert answers == pytest.approx(np.mean(both, axis=0), abs=1e-6)
