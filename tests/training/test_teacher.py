"""ferd.training.recipes.teacher: targets get predictions for the student's own faces; unfit teachers are refused."""

import keras
import numpy as np
import pytest

from ferd.networks.residual import build_residual
from ferd.training.core.batches import to_input
from ferd.training.core.saving import save_model
from ferd.training.recipes.teacher import Teacher, load_teacher
from ferd.training.recipes.train_recipe import RecipeBatches, predict_views, train_recipe
from tests.helpers.small_faces import make_faces
from tests.training.test_train_recipe import SETTINGS

pytestmark = pytest.mark.slow

STUDENT = {
    **{"distillation": 0.5, "teacher": "compact", "split": "official"},
    "crop_size": SETTINGS["crop_size"],
}


class Brightness:
    """A network that predicts the class of a face's brightness and records its inputs."""

    def __init__(self):
        self.shown = []

    def predict_on_batch(self, views):
        self.shown.append(views)
        found = np.clip(np.round(views.mean(axis=(1, 2, 3)) * 255 / 30), 0, 6).astype(int)
        return np.eye(7, dtype="float32")[found]

    def get_weights(self):
        return [np.ones(3, "float32")]


@pytest.fixture
def faces():
    """Faces whose class is their brightness."""
    faces = make_faces((10,) * 7, seed=2, size=10)
    faces.images[:] = 30 * faces.classes[:, None, None]
    return faces


def test_answers_are_blended_by_their_share_and_rows_still_sum_to_one():
    views = to_input(np.full((3, 8, 8), 60, np.uint8))
    targets = np.eye(7, dtype="float32")[[0, 1, 2]]
    found = Teacher([Brightness(), Brightness()], 0.75).blend(views, targets)
    np.testing.assert_allclose(found[0], [0.25, 0, 0.75, 0, 0, 0, 0])
    np.testing.assert_allclose(found[2], [0, 0, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert found.dtype == np.float32


def test_the_teacher_is_shown_the_very_views_that_the_student_gets_and_their_mirror_images(faces):
    network = Brightness()
    targets = np.eye(7, dtype="float32")[faces.classes]
    batches = RecipeBatches(faces.images, targets, SETTINGS, Teacher([network], 1.0))
    views, taught = batches[1]
    np.testing.assert_array_equal(network.shown[0], np.concatenate([views, views[:, :, ::-1]]))
    np.testing.assert_array_equal(taught, Brightness().predict_on_batch(views))


def test_the_answer_to_a_view_is_the_mean_of_it_and_its_mirror_image():
    network = build_residual(SETTINGS, seed=3)
    views = np.random.default_rng(0).random((4, 8, 8, 1), dtype="float32")
    taught = Teacher([network], 1.0).blend(views, np.zeros((4, 7), "float32"))
    both = [network.predict_on_batch(shown) for shown in (views, views[:, :, ::-1])]
    assert np.abs(both[0] - both[1]).max() > 1e-4
    np.testing.assert_allclose(taught, np.mean(both, axis=0), rtol=1e-5)


def test_a_student_learns_what_its_teacher_says_where_the_labels_are_wrong(
    faces, tmp_path, monkeypatch
):
    monkeypatch.setenv("FERD_CHECKPOINTS", str(tmp_path))
    plain = dict.fromkeys(("mixup", "brightness", "contrast", "erasing"), 0.0)
    settings = SETTINGS | plain | {"epochs": 30}
    wrong = np.eye(7, dtype="float32")[np.zeros(len(faces), int)]
    teacher = Teacher([Brightness()], 1.0)
    training = train_recipe(faces, wrong, faces.take(slice(0, 21)), settings, "float32", teacher)
    answers = predict_views(training.model, faces.images, settings, "centre")
    assert (answers.argmax(axis=1) == faces.classes).mean() > 0.6


def test_no_share_needs_no_teacher(tmp_path):
    assert load_teacher(STUDENT | {"distillation": 0.0}, tmp_path) is None


def test_networks_of_every_seed_teach_together(tmp_path):
    for seed in (1, 2):
        model = build_residual(SETTINGS, seed=seed)
        save_model(model, tmp_path / "compact" / str(seed) / "model.keras")
    found = load_teacher(STUDENT, tmp_path)
    assert len(found.networks) == 2 and found.share == 0.5
    views = to_input(np.full((3, 8, 8), 60, np.uint8))
    both = np.concatenate([views, views[:, :, ::-1]])
    answers = [network.predict_on_batch(both) for network in found.networks]
    answers = np.mean(answers, axis=0).reshape(2, 3, 7)
    taught = Teacher(found.networks, 1.0).blend(views, np.zeros((3, 7), "float32"))
    np.testing.assert_allclose(taught, answers.mean(axis=0), rtol=1e-5)
    assert all(isinstance(network, keras.Model) for network in found.networks)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"split": "paper"}, "are of split: official"),
        ({"crop_size": 6}, r"windows of \[8\], not crop_size"),
    ],
)
def test_a_teacher_that_saw_held_out_faces_or_sees_other_windows_is_refused(
    tmp_path, changes, message
):
    save_model(build_residual(SETTINGS), tmp_path / "compact" / "1" / "model.keras")
    with pytest.raises(SystemExit, match=message):
        load_teacher(STUDENT | changes, tmp_path)


def test_a_missing_teacher_names_the_stage_that_trains_it(tmp_path):
    with pytest.raises(SystemExit, match="run dvc repro compact"):
        load_teacher(STUDENT, tmp_path)


def test_checkpoints_of_another_share_or_other_weights_are_told_apart():
    first, second = Teacher([Brightness()], 0.5), Teacher([Brightness()], 0.6)
    assert first.arrays()[0] != second.arrays()[0]
    assert np.array_equal(first.arrays()[1], Brightness().get_weights()[0])
