"""ferd.networks.residual: shapes, counts and weights follow the settings."""

import keras
import numpy as np
import pytest

from ferd.networks.residual import build_residual, multiply_adds

SETTINGS = {
    "crop_size": 12,
    "stem": 4,
    "stem_stride": 1,
    "widths": [4, 6],
    "blocks": [1, 2],
    "squeeze_excitation": 0.0,
    "batch_norm_momentum": 0.9,
    "dropout_rate": 0.2,
}


def conv(kernel, before, after):
    return kernel * kernel * before * after + 4 * after


def test_weights_are_counted_by_hand():
    model = build_residual(SETTINGS)
    stem, first = conv(3, 1, 4), 2 * conv(3, 4, 4)
    second = conv(3, 4, 6) + conv(3, 6, 6) + conv(1, 4, 6)
    third = 2 * conv(3, 6, 6)
    assert model.count_params() == stem + first + second + third + 6 * 7 + 7


def test_multiply_adds_are_counted_by_hand():
    whole = 144 * (9 * 4 + 2 * 9 * 4 * 4)
    half = 36 * (9 * 4 * 6 + 9 * 6 * 6 + 4 * 6 + 2 * 9 * 6 * 6)
    assert multiply_adds(build_residual(SETTINGS)) == whole + half + 6 * 7


def test_each_stage_but_the_first_halves_the_side():
    model = build_residual(SETTINGS)
    assert model.get_layer("stage_1_block_1_add").output.shape[1:] == (12, 12, 4)
    assert model.get_layer("stage_2_block_2_add").output.shape[1:] == (6, 6, 6)


def test_a_stem_of_stride_two_halves_the_side_and_keeps_the_weights():
    halved = build_residual(SETTINGS | {"stem_stride": 2})
    assert halved.get_layer("stage_1_block_1_add").output.shape[1:] == (6, 6, 4)
    assert halved.count_params() == build_residual(SETTINGS).count_params()


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_fused_and_plain_networks_share_weights_and_answers(share):
    settings = SETTINGS | {"squeeze_excitation": share}
    plain, fused = (build_residual(settings, seed=2, fused=fused) for fused in (False, True))
    faces = np.random.default_rng(0).random((5, 12, 12, 1), dtype="float32")
    fused.set_weights(plain.get_weights())
    assert np.array(fused(faces)) == pytest.approx(np.array(plain(faces)), abs=1e-5)


def test_excitation_adds_its_weights_and_scales_channels_between_0_and_1():
    settings = SETTINGS | {"squeeze_excitation": 0.5}
    model, bare = build_residual(settings), build_residual(SETTINGS)
    hidden = 4
    added = [2 * width * hidden + width + hidden for width in (4, 6, 6)]
    assert model.count_params() - bare.count_params() == sum(added)
    gates = [layer.output for layer in model.layers if layer.name.endswith("excite_2")]
    values = keras.Model(model.input, gates).predict(np.ones((2, 12, 12, 1)), verbose=0)
    assert all(value.min() > 0 and value.max() < 1 for value in values)


def test_same_seed_same_start_and_another_seed_another():
    first, again, other = (build_residual(SETTINGS, seed=seed) for seed in (1, 1, 2))
    name = "stage_2_block_1_1_conv"
    kernels = [np.array(model.get_layer(name).kernel) for model in (first, again, other)]
    assert (kernels[0] == kernels[1]).all() and (kernels[0] != kernels[2]).any()
