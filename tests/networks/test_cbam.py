"""ferd.networks.paper.cbam: CBAM weights channels, then positions, as in Woo et al."""

from math import exp

import keras
import numpy as np
import pytest

from ferd.networks.paper.cbam import CBAM


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(3, 6, 5, 32)).astype("float32")


def sigmoid(value):
    return 1 / (1 + exp(-value))


def test_maps_have_a_weight_between_0_and_1_per_channel_and_per_position(x):
    layer = CBAM(reduction_ratio=8, kernel_size=3, seed=1)
    layer(x)
    channels, positions = np.array(layer.channel_map(x)), np.array(layer.position_map(x))
    assert channels.shape == (3, 1, 1, 32) and positions.shape == (3, 6, 5, 1)
    for weights in (channels, positions):
        assert ((weights > 0) & (weights < 1)).all() and np.ptp(weights) > 0.01


def test_a_case_of_two_positions_and_two_channels_by_hand():
    layer = CBAM(reduction_ratio=1, kernel_size=1)
    x = np.array([[[[1, 2], [3, -1]]]], "float32")
    layer.build(x.shape)
    layer.squeeze.set_weights([np.array([[1, -1], [-1, 2]]), np.array([0.5, 0])])
    layer.excite.set_weights([np.array([[0.5, -1], [0.2, 0.4]]), np.array([0.1, 0.3])])
    layer.locate.set_weights([np.array([0.7, -0.4]).reshape(1, 1, 2, 1)])
    # Mean over positions (2, 0.5): hidden (2 - 0.5 + 0.5, -2 + 1) = (2, -1), after ReLU (2, 0),
    # out (1 + 0.1, -2 + 0.3). Maximum (3, 2): hidden (1.5, 1), out (0.75 + 0.2 + 0.1,
    # -1.5 + 0.4 + 0.3).
    first, second = sigmoid(1.1 + 1.05), sigmoid(-1.7 - 0.8)
    scaled = [[1 * first, 2 * second], [3 * first, -1 * second]]
    expected = []
    for pixel in scaled:
        place = sigmoid(0.7 * sum(pixel) / 2 - 0.4 * max(pixel))
        expected.append([value * place for value in pixel])
    assert np.abs(np.array(layer(x))[0, 0] - expected).max() < 1e-5


def test_the_position_map_looks_at_neighbours_and_keeps_the_border():
    layer = CBAM(kernel_size=3)
    layer.build((1, 4, 4, 2))
    layer.locate.set_weights([np.ones((3, 3, 2, 1))])
    x = np.zeros((1, 4, 4, 2), "float32")
    x[0, 0, 0] = 1  # mean 1, maximum 1: each neighbour sees 2
    seen = np.array(layer.position_map(x))[0, :, :, 0]
    near = np.zeros((4, 4), bool)
    near[:2, :2] = True
    assert seen[near] == pytest.approx(sigmoid(2)) and seen[~near] == pytest.approx(0.5)


@pytest.mark.parametrize("shape", [(2, 6, 6, 4), (1, 3, 5, 64)])
def test_the_output_has_the_inputs_shape(shape):
    layer = CBAM()
    assert layer(np.ones(shape, "float32")).shape == shape
    assert layer.compute_output_shape(shape) == shape
    inputs = keras.Input(shape[1:])
    assert CBAM()(inputs).shape == (None, *shape[1:])


@pytest.mark.parametrize(
    ("channels", "ratio", "size", "hidden"), [(64, 16, 7, 4), (512, 16, 7, 32), (8, 16, 3, 1)]
)
def test_parameters_are_those_of_one_shared_perceptron_and_one_kernel(
    channels, ratio, size, hidden
):
    layer = CBAM(ratio, size)
    layer.build((None, 6, 6, channels))
    perceptron = (channels * hidden + hidden) + (hidden * channels + channels)
    assert layer.count_params() == perceptron + 2 * size**2


def test_a_saved_model_comes_back_with_its_config_and_outputs(x, tmp_path):
    inputs = keras.Input(x.shape[1:])
    layer = CBAM(reduction_ratio=4, kernel_size=5, seed=9, name="cbam_1")
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert loaded.get_layer("cbam_1").get_config() == layer.get_config()
    assert np.array_equal(loaded(x), model(x))
    again = CBAM.from_config(layer.get_config())
    assert (again.reduction_ratio, again.kernel_size, again.seed) == (4, 5, 9)


def test_equal_seeds_give_equal_weights_and_no_kernel_repeats_another():
    layers = [CBAM(reduction_ratio=1, seed=seed) for seed in (2, 2, 3)]
    for layer in layers:
        layer.build((None, 6, 6, 8))
    one, same, other = (layer.get_weights() for layer in layers)
    assert all(map(np.array_equal, one, same))
    assert not np.array_equal(one[0], other[0])
    assert one[0].shape == one[2].shape and not np.array_equal(one[0], one[2])


def test_neighbouring_seeds_share_no_kernel():
    layers = [CBAM(reduction_ratio=1, seed=seed) for seed in (2, 3)]
    for layer in layers:
        layer.build((None, 6, 6, 8))
    squares = [w for layer in layers for w in layer.get_weights() if w.shape == (8, 8)]
    assert len({w.tobytes() for w in squares}) == 4


@pytest.mark.parametrize("shape", [(2, 8), (2, 6, 8), (2, 3, 4, 5, 8)])
def test_another_rank_is_refused(shape):
    with pytest.raises(ValueError, match="CBAM takes"):
        CBAM()(np.ones(shape, "float32"))


def test_under_mixed_bfloat16_the_weights_stay_float32(x):
    layer = CBAM(dtype="mixed_bfloat16")
    assert layer(x).dtype == "bfloat16"
    assert {weight.dtype for weight in layer.weights} == {"float32"}
