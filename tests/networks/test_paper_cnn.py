"""ferd.networks.paper.paper_cnn: the paper's Table I, row by row; weights fit both builds."""

import keras
import numpy as np
import pytest
from keras import layers

from ferd.networks.batch_norm import FusedBatchNormalization
from ferd.networks.paper.paper_cnn import FEATURE_LAYER, build_network

CONV, NORM, POOL, DROP = (
    layers.Conv2D,
    layers.BatchNormalization,
    layers.MaxPooling2D,
    layers.Dropout,
)
TABLE_1 = [
    (CONV, (48, 48, 64), 640),
    (NORM, (48, 48, 64), 256),
    (POOL, (24, 24, 64), 0),
    (DROP, (24, 24, 64), 0),
    (CONV, (24, 24, 128), 73_856),
    (NORM, (24, 24, 128), 512),
    (POOL, (12, 12, 128), 0),
    (DROP, (12, 12, 128), 0),
    (CONV, (12, 12, 256), 295_168),
    (NORM, (12, 12, 256), 1_024),
    (POOL, (6, 6, 256), 0),
    (DROP, (6, 6, 256), 0),
    (CONV, (6, 6, 512), 1_180_160),
    (NORM, (6, 6, 512), 2_048),
    (POOL, (3, 3, 512), 0),
    (DROP, (3, 3, 512), 0),
    (layers.Flatten, (4608,), 0),
    (layers.Dense, (512,), 2_359_808),
    (NORM, (512,), 2_048),
    (DROP, (512,), 0),
    (layers.Dense, (256,), 131_328),
    (NORM, (256,), 1_024),
    (DROP, (256,), 0),
    (layers.Dense, (7,), 1_799),
]
RATES = [0.25, 0.30, 0.35, 0.40, 0.6, 0.5]
SIZE = 16  # the smallest side that four poolings leave something of


@pytest.fixture(scope="module")
def table_1():
    return build_network()


def small(**options):
    return build_network(size=SIZE, **options)


def kernels(model):
    return [layer for layer in model.layers if isinstance(layer, (layers.Conv2D, layers.Dense))]


def test_every_row_of_table_1_has_its_layer_output_shape_and_parameters(table_1):
    rows = [
        (type(layer), tuple(layer.output.shape[1:]), layer.count_params())
        for layer in table_1.layers[1:]
    ]
    assert rows == TABLE_1


def test_the_parameters_are_the_papers_4049671(table_1):
    assert table_1.count_params() == sum(count for *_, count in TABLE_1) == 4_049_671


def test_input_is_one_gray_48x48_face_and_output_float32(table_1):
    assert table_1.input_shape == (None, 48, 48, 1) and table_1.output_shape == (None, 7)
    assert table_1.output.dtype == "float32"


def test_dropout_rates_are_table_1s(table_1):
    rates = [layer.rate for layer in table_1.layers if isinstance(layer, DROP)]
    assert rates == RATES


def test_convolutions_are_3x3_same_and_all_but_the_last_layer_relu(table_1):
    for layer in kernels(table_1):
        last = layer.name == "emotion"
        assert layer.activation is (keras.activations.softmax if last else keras.activations.relu)
        if isinstance(layer, CONV):
            assert (layer.kernel_size, layer.strides, layer.padding) == ((3, 3), (1, 1), "same")


def test_every_kernel_but_the_softmaxs_is_penalized_by_l2(table_1):
    *hidden, last = kernels(table_1)
    assert all(float(layer.kernel_regularizer.l2) == pytest.approx(0.0003) for layer in hidden)
    assert last.kernel_regularizer is None
    assert all(layer.kernel_regularizer is None for layer in kernels(small(l2=0)))


def test_the_feature_layer_gives_256(table_1):
    layer = table_1.get_layer(FEATURE_LAYER)
    assert layer.output.shape == (None, 256)
    dense = [layer.name for layer in table_1.layers if isinstance(layer, layers.Dense)]
    assert dense.index(FEATURE_LAYER) == len(dense) - 2


def test_equal_seeds_give_equal_weights_whatever_was_drawn_before():
    one = small(seed=3)
    keras.utils.set_random_seed(77)
    same, other = small(seed=3), small(seed=4)
    assert all(map(np.array_equal, one.get_weights(), same.get_weights()))
    pairs = zip(kernels(one), kernels(other), strict=True)
    assert not any(np.array_equal(a.kernel, b.kernel) for a, b in pairs)


def test_no_two_layers_draw_from_one_seed():
    for model in (small(seed=0), small(seed=1)):
        seeds = [layer.kernel_initializer.seed for layer in kernels(model)]
        seeds += [layer.seed for layer in model.layers if isinstance(layer, DROP)]
        assert len(seeds) == 13 == len(set(seeds))


def test_weights_move_between_the_builds_and_give_the_same_predictions():
    fused, plain = small(seed=1, fused=True), small(seed=2)
    generator = np.random.default_rng(0)
    start = fused.get_weights()
    weights = [w + generator.uniform(0, 0.2, w.shape).astype(w.dtype) for w in start]
    faces = generator.random((8, SIZE, SIZE, 1)).astype("float32")
    kinds = [type(layer) for layer in fused.layers]
    assert FusedBatchNormalization in kinds and NORM not in kinds
    fused.set_weights(weights)
    expected = np.array(fused(faces))
    assert np.abs(np.array(plain(faces)) - expected).max() > 0.01
    plain.set_weights(fused.get_weights())
    assert np.abs(np.array(plain(faces)) - expected).max() < 1e-4
    fused.set_weights(start)
    fused.set_weights(plain.get_weights())
    assert np.abs(np.array(fused(faces)) - expected).max() < 1e-4


def test_probabilities_sum_to_1():
    faces = np.random.default_rng(0).random((4, SIZE, SIZE, 1)).astype("float32")
    probabilities = np.array(small()(faces))
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_after_block_puts_a_layer_between_norm_and_pooling_of_each_block():
    seen = []

    def after_block(x, number):
        seen.append((number, tuple(x.shape)))
        return layers.Activation("linear", name=f"extra_{number}")(x)

    names = [layer.name for layer in small(after_block=after_block).layers]
    assert seen == [
        (number, (None, SIZE >> number - 1, SIZE >> number - 1, filters))
        for number, filters in enumerate((64, 128, 256, 512), 1)
    ]
    for number in range(1, 5):
        at = names.index(f"extra_{number}")
        assert names[at - 1 : at + 2 : 2] == [f"conv_norm_{number}", f"pool_{number}"]


@pytest.mark.parametrize("wrong", [{"block_dropout": (0.1,) * 3}, {"dense_dropout": (0.1,) * 3}])
def test_a_wrong_number_of_dropout_rates_is_refused(wrong):
    with pytest.raises(ValueError, match=r"zip\(\)"):
        small(**wrong)
