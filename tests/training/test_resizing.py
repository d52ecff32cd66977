"""ferd.training.recipes.resizing: faces are small first and full size last; such a run learns and resumes."""

import keras
import numpy as np
import pytest

from ferd.training.recipes.resizing import feed_any_side, shrink, side_of, sized
from ferd.training.recipes.train_recipe import RecipeBatches, predict_views, smooth_targets
from tests.helpers.killing import whole_and_resumed
from tests.helpers.small_faces import make_faces
from tests.training.test_train_recipe import SETTINGS, train

pytestmark = pytest.mark.slow

GROWING = {
    "crop_size": 44,
    "initial_size": 20,
    "full_size_epochs": 12,
    "epochs": 60,
}
SMALL = {"crop_size": 18, "initial_size": 8, "full_size_epochs": 2, "epochs": 6}


@pytest.fixture(scope="module")
def faces():
    """Faces of 20 pixels whose class is their brightness, with noise."""
    faces = make_faces((10,) * 7, seed=2, size=20)
    faces.images[:] = 30 * faces.classes[:, None, None] + faces.images // 10
    return faces


def test_the_side_grows_in_equal_parts_and_is_full_at_last():
    sides = [side_of(epoch, GROWING) for epoch in range(60)]
    assert sides == [20] * 16 + [28] * 16 + [36] * 16 + [44] * 12


def test_without_an_initial_size_every_epoch_sees_the_full_side():
    assert {side_of(epoch, GROWING | {"initial_size": 0}) for epoch in range(60)} == {44}


def test_sides_that_do_not_meet_the_full_one_stay_below_it_until_the_full_epochs():
    sides = [side_of(epoch, SMALL) for epoch in range(6)]
    assert sides == [8, 8, 16, 16, 18, 18]


def test_a_shrunken_pixel_is_the_mean_of_those_it_covers():
    inputs = np.random.default_rng(1).random((3, 8, 8, 1), np.float32)
    expected = inputs.reshape(3, 4, 2, 4, 2, 1).mean(axis=(2, 4))
    np.testing.assert_allclose(shrink(inputs, 4), expected, rtol=1e-6)
    assert shrink(inputs, 8) is inputs


def test_batches_have_the_side_of_their_epoch_and_the_faces_of_any_other(faces):
    targets = smooth_targets(faces.classes, 0.1)
    small = RecipeBatches(faces.images, targets, SETTINGS | SMALL)
    whole = RecipeBatches(faces.images, targets, SETTINGS | SMALL | {"initial_size": 0})
    for epoch, side in ((0, 8), (3, 16), (5, 18)):
        small.start_epoch(epoch)
        whole.start_epoch(epoch)
        np.testing.assert_array_equal(small[1][0], shrink(whole[1][0], side))
        np.testing.assert_array_equal(small[1][1], whole[1][1])
        assert small[1][0].shape == (14, side, side, 1)


def test_the_pipeline_gives_each_pass_the_batches_of_the_epoch_in_force(faces):
    batches = RecipeBatches(faces.images, smooth_targets(faces.classes, 0), SETTINGS | SMALL)
    feeding = feed_any_side(batches)
    for epoch in (0, 5):
        batches.start_epoch(epoch)
        given = list(feeding)
        assert len(given) == len(batches) == 5
        for index, (inputs, targets) in enumerate(given):
            np.testing.assert_array_equal(inputs, batches[index][0])
            np.testing.assert_array_equal(targets, batches[index][1])


def test_a_growing_run_stopped_between_two_sides_ends_as_an_uninterrupted_one(
    faces, tmp_path, monkeypatch
):
    whole = whole_and_resumed(
        lambda name: train(faces, tmp_path / name, monkeypatch, **SMALL), monkeypatch, 3
    )
    # Its network is that of the full side, at which validation was scored.
    assert whole.model.input_shape == (None, 18, 18, 1)
    answers = predict_views(whole.model, faces.images[:21], SMALL, "centre")
    accuracy = (answers.argmax(axis=1) == faces.classes[:21]).mean()
    assert whole.history["val_accuracy"].iloc[-1] == pytest.approx(accuracy, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"initial_size": 7}, "initial_size is 7; it takes 0, or 8 to below crop_size, 44"),
        ({"initial_size": 44}, "initial_size is 44"),
        ({"full_size_epochs": 0}, "full_size_epochs takes 1 to below epochs"),
        ({"full_size_epochs": 60}, "full_size_epochs takes 1 to below epochs"),
    ],
)
def test_sides_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(SystemExit, match=message):
        sized(GROWING | changes)


def test_another_backend_is_refused_only_where_sides_change(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    settings = GROWING | {"initial_size": 0}
    assert sized(settings) == settings
    with pytest.raises(SystemExit, match="need Keras on TensorFlow"):
        sized(GROWING)
