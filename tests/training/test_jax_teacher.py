"""ferd.training.jax.teacher: all seeds of a stage are loaded; unfit teachers are refused."""

import keras
import numpy as np
import pytest

from ferd.networks.residual import build_residual
from ferd.training.core.saving import save_model
from ferd.training.jax.teacher import Teacher, load_teacher
from tests.training.test_train_recipe import SETTINGS

pytestmark = pytest.mark.slow

STUDENT = {
    **{"distillation": 0.5, "teacher": "compact", "split": "official"},
    "crop_size": SETTINGS["crop_size"],
}


class Ones:
    """A network of one weight array."""

    def get_weights(self):
        return [np.ones(3, "float32")]


def test_no_share_needs_no_teacher(tmp_path):
    assert load_teacher(STUDENT | {"distillation": 0.0}, tmp_path) is None
    assert load_teacher({"split": "paper", "crop_size": 8}, tmp_path) is None


def test_networks_of_every_seed_are_loaded_as_they_were_saved(tmp_path):
    saved = [build_residual(SETTINGS, seed=seed) for seed in (1, 2)]
    for seed, model in enumerate(saved, 1):
        save_model(model, tmp_path / "compact" / str(seed) / "model.keras")
    save_model(build_residual(SETTINGS), tmp_path / "other" / "1" / "model.keras")
    found = load_teacher(STUDENT, tmp_path)
    assert found.share == 0.5 and all(isinstance(one, keras.Model) for one in found.networks)
    for network, model in zip(found.networks, saved, strict=True):
        for array, wanted in zip(network.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_array_equal(array, wanted)


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
    with pytest.raises(SystemExit, match="no network of compact; make gpu"):
        load_teacher(STUDENT, tmp_path)


def test_checkpoints_of_another_share_or_other_weights_are_told_apart():
    first, second = Teacher([Ones()], 0.5), Teacher([Ones()], 0.6)
    assert first.arrays()[0] != second.arrays()[0]
    assert np.array_equal(first.arrays()[1], Ones().get_weights()[0])
