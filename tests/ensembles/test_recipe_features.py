"""ferd.ensembles.recipe_features: a mirrored face has equal features; ensembles see new faces."""

import numpy as np
import pytest

from ferd.ensembles.recipe_features import hybrid_arrays, pooled_features
from ferd.networks.residual import build_residual
from ferd.training.recipes.data import RecipeFaces
from tests.helpers.small_faces import make_faces, write_crops
from tests.training.test_train_recipe import SETTINGS


@pytest.fixture(scope="module")
def model():
    return build_residual(SETTINGS, seed=1)


def test_a_mirrored_face_has_the_same_features(model):
    images = make_faces((2,) * 7, 1, size=10).images
    found = pooled_features(model, images, SETTINGS["crop_size"])
    mirrored = pooled_features(model, images[:, :, ::-1], SETTINGS["crop_size"])
    assert found.shape == (14, SETTINGS["widths"][-1])
    assert found == pytest.approx(mirrored, abs=1e-6)
    assert np.ptp(found, axis=0).max() > 0


def test_no_image_gives_an_empty_table_of_the_same_width(model):
    found = pooled_features(model, np.zeros((0, 10, 10), np.uint8), SETTINGS["crop_size"])
    assert found.shape == (0, SETTINGS["widths"][-1])


def test_ensembles_are_fitted_on_the_validation_part(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train, validation = make_faces((4,) * 7, 1, size=10), make_faces((2,) * 7, 2, size=10)
    test = make_faces((3,) * 7, 3, size=10, split="test")
    write_crops(splits={"train": train, "test": test})
    arrays = hybrid_arrays(model, RecipeFaces(train, validation, test), SETTINGS["crop_size"])
    assert arrays["train_names"].tolist() == validation.names.tolist()
    assert arrays["test_classes"].tolist() == test.classes.tolist()
    assert len(arrays["fallback_features"]) == (~test.found).sum()
