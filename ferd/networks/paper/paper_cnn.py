"""Builds the paper's network, Table I: four convolution blocks and two dense layers."""

import functools

import keras
from keras import layers

from ferd.networks.batch_norm import FusedBatchNormalization
from ferd.networks.paper.dropout import ByteDropout

FILTERS = (64, 128, 256, 512)
UNITS = (512, 256)
# The layer whose 256 outputs are the features of the paper's section on AutoML.
FEATURE_LAYER = "dense_2"


def build_network(
    block_dropout=(0.25, 0.3, 0.35, 0.4),
    dense_dropout=(0.6, 0.5),
    batch_norm_momentum=0.99,
    l2=0.0003,
    size=48,
    classes=7,
    seed=0,
    fused=False,
    after_block=None,
):
    """Builds Table I's network, untrained, as a `keras.Model`.

    Args:
        block_dropout, dense_dropout: Rates after each of the four blocks and two dense layers.
        batch_norm_momentum: Share of batch norm's running means kept at each step.
        l2: Weight of the L2 penalty on every kernel.
        size: Side of the input in pixels; Table I's counts hold for 48.
        classes: Outputs of the softmax.
        seed: Seeds the initial weights and the dropout.
        fused: Our batch norm and dropout (faster training) or Keras' own layers (loadable
            anywhere).
        after_block: `after_block(x, number)` adds a layer after a block's batch norm, or None.

    Input shape: `(batch, size, size, 1)`, gray levels divided by 255.

    Output shape: `(batch, classes)`, float32 probabilities.
    """
    # Every layer has its own seed; without one it draws from Python's global random state.
    first = seed * 1000 % (2**31 - 1000)
    seeds = iter(range(first, first + 1000))
    norm, dropout = _noisy_layers(fused, batch_norm_momentum)
    inputs = x = keras.Input((size, size, 1), name="face")
    for number, (filters, rate) in enumerate(zip(FILTERS, block_dropout, strict=True), 1):
        x = _convolve(x, number, filters, norm, l2, seeds)
        x = after_block(x, number) if after_block else x
        x = layers.MaxPooling2D(2, name=f"pool_{number}")(x)
        x = dropout(rate, seed=next(seeds), name=f"conv_dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, (units, rate) in enumerate(zip(UNITS, dense_dropout, strict=True), 1):
        dense = layers.Dense(units, "relu", name=f"dense_{number}", **_start(seeds, l2))
        x = norm(name=f"dense_norm_{number}")(dense(x))
        x = dropout(rate, seed=next(seeds), name=f"dense_dropout_{number}")(x)
    # Softmax in float32, because bfloat16 probabilities have only two digits.
    last = {"dtype": "float32", "name": "emotion", **_start(seeds, 0)}
    return keras.Model(inputs, layers.Dense(classes, "softmax", **last)(x), name="table_1")


def _noisy_layers(fused, momentum):
    norm = FusedBatchNormalization if fused else layers.BatchNormalization
    return functools.partial(norm, momentum=momentum), ByteDropout if fused else layers.Dropout


def _convolve(x, number, filters, norm, l2, seeds):
    convolution = layers.Conv2D(
        filters,
        3,
        padding="same",
        activation="relu",
        name=f"conv_{number}",
        **_start(seeds, l2),
    )
    return norm(name=f"conv_norm_{number}")(convolution(x))


def _start(seeds, l2):
    return {
        "kernel_initializer": keras.initializers.GlorotUniform(next(seeds)),
        "kernel_regularizer": keras.regularizers.L2(l2) if l2 else None,
    }
