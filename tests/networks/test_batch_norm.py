"""ferd.networks.batch_norm: the fused layer computes the same as Keras' layer."""

import keras
import numpy as np
import pytest

from ferd.networks.batch_norm import FusedBatchNormalization

OPTIONS = {"momentum": 0.9, "epsilon": 0.01}
SHAPES = pytest.mark.parametrize("shape", [(32, 5), (6, 4, 3, 5)], ids=["rank 2", "rank 4"])


def pair(shape):
    """A fused and a Keras layer with the same weights, none of them at its start value."""
    layers = FusedBatchNormalization(**OPTIONS), keras.layers.BatchNormalization(**OPTIONS)
    generator = np.random.default_rng(1)
    weights = [generator.uniform(0.5, 2.0, 5).astype("float32") for _ in range(4)]
    for layer in layers:
        layer.build((None, *shape[1:]))
        layer.set_weights(weights)
    return layers


def data(shape):
    return np.random.default_rng(2).normal(3.0, 2.0, shape).astype("float32")


@SHAPES
@pytest.mark.parametrize("training", [True, False])
def test_the_outputs_are_those_of_keras(shape, training):
    fused, plain = (np.array(layer(data(shape), training=training)) for layer in pair(shape))
    assert fused.shape == shape and np.ptp(plain) > 1
    assert np.abs(fused - plain).max() < 1e-4


@SHAPES
def test_training_and_inference_differ(shape):
    fused, _ = pair(shape)
    assert np.abs(np.array(fused(data(shape), training=True) - fused(data(shape)))).max() > 0.1


@SHAPES
def test_moving_statistics_are_those_of_keras_but_for_the_unbiased_variance(shape):
    fused, plain = pair(shape)
    before = np.array(fused.moving_variance)
    for layer in (fused, plain):
        layer(data(shape), training=True)
    assert np.allclose(fused.moving_mean, plain.moving_mean, atol=1e-5)
    count = np.prod(shape[:-1])
    biased = (np.array(plain.moving_variance) - 0.9 * before) / 0.1
    unbiased = (np.array(fused.moving_variance) - 0.9 * before) / 0.1
    assert np.allclose(unbiased, biased * count / (count - 1), rtol=1e-3)
    assert np.allclose(biased, data(shape).reshape(-1, 5).var(axis=0), rtol=1e-3)


def test_inference_leaves_the_moving_statistics():
    fused, _ = pair((32, 5))
    before = fused.get_weights()
    fused(data((32, 5)))
    assert all(map(np.array_equal, fused.get_weights(), before))


def test_weights_have_the_names_and_order_of_keras():
    fused, plain = pair((32, 5))
    assert [w.name for w in fused.weights] == [w.name for w in plain.weights]
    names = [[w.name for w in layer.trainable_weights] for layer in (fused, plain)]
    assert names[0] == names[1] == ["gamma", "beta"]


def test_gradients_are_those_of_keras():
    import tensorflow as tf

    gradients = []
    for layer in pair((32, 5)):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(data((32, 5)), training=True) ** 3)
        gradients.append(tape.gradient(loss, [w.value for w in layer.trainable_weights]))
    for one, other in zip(*gradients, strict=True):
        assert np.allclose(one, other, rtol=1e-3) and np.abs(one).max() > 1


def test_the_config_makes_the_layer_again():
    layer = FusedBatchNormalization(momentum=0.7, epsilon=0.02, name="norm")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is FusedBatchNormalization
    assert (again.momentum, again.epsilon, again.name) == (0.7, 0.02, "norm")
    assert (
        FusedBatchNormalization.from_config(layer.get_config()).get_config() == layer.get_config()
    )


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (2, 3, 4, 5, 6)])
def test_another_rank_is_refused(shape):
    with pytest.raises(ValueError, match="takes rank 2 or 4"):
        FusedBatchNormalization()(np.zeros(shape, "float32"))


@SHAPES
@pytest.mark.parametrize("training", [True, False])
def test_mixed_bfloat16_gives_bfloat16_from_float32_weights(shape, training):
    fused = FusedBatchNormalization(dtype="mixed_bfloat16", **OPTIONS)
    output = fused(data(shape), training=training)
    assert output.dtype == "bfloat16"
    assert {weight.dtype for weight in fused.weights} == {"float32"}
    plain = keras.layers.BatchNormalization(**OPTIONS)(data(shape), training=training)
    difference = np.array(output).astype("float32") - np.array(plain)
    assert np.abs(difference).max() < 0.02 * np.abs(plain).max()
