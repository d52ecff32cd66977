"""ferd.export.viewed_network: the network predicts the average over windows."""

import numpy as np
import pytest

from ferd.export.viewed_network import with_views
from ferd.networks.residual import build_residual
from ferd.training.core.batches import to_input
from ferd.training.recipes.train_recipe import predict_views

SETTINGS = {
    "crop_size": 12,
    "stem": 4,
    "stem_stride": 2,
    "widths": [4],
    "blocks": [1],
    "squeeze_excitation": 0.25,
    "batch_norm_momentum": 0.9,
    "dropout_rate": 0.5,
}
MODEL = build_residual(SETTINGS, 7, seed=3)
IMAGES = np.random.default_rng(0).integers(0, 256, (5, 16, 16), dtype=np.uint8)


@pytest.mark.parametrize("views", ["centre", "flip", "ten"])
def test_answers_are_those_of_averaging_outside_the_network(views):
    expected = predict_views(MODEL, IMAGES, SETTINGS, views)
    given = with_views(MODEL, 16, views).predict(to_input(IMAGES), verbose=0)
    assert given.shape == (5, 7)
    np.testing.assert_allclose(given, expected, atol=1e-6)


def test_mirrored_faces_get_the_same_answers_under_flip():
    model = with_views(MODEL, 16, "flip")
    answers = [model.predict(to_input(one), verbose=0) for one in (IMAGES, IMAGES[:, :, ::-1])]
    np.testing.assert_allclose(*answers, atol=1e-6)
    plain = with_views(MODEL, 16, "centre")
    answers = [plain.predict(to_input(one), verbose=0) for one in (IMAGES, IMAGES[:, :, ::-1])]
    assert np.abs(answers[0] - answers[1]).max() > 1e-4


def test_it_holds_the_models_weights_and_no_others():
    assert with_views(MODEL, 16, "ten").count_params() == MODEL.count_params()


def test_a_face_smaller_than_the_window_is_refused():
    with pytest.raises(ValueError, match="a face of 11 pixels has no window of 12"):
        with_views(MODEL, 11, "flip")
