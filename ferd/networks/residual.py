"""Builds a residual network for faces; the settings give its size."""

import functools
import math

import keras
from keras import layers


def build_residual(settings, classes=7, seed=0, fused=False):
    """Builds an untrained residual network.

    A 3x3 stem, then stages of residual blocks; each stage but the first halves the side. Global
    average pooling, dropout and one dense layer follow.

    Args:
        settings: Dict of `crop_size` (side of the input in pixels), `stem` (channels of the stem),
            `stem_stride` (2 halves the side, for a quarter of the work), `widths` (channels
            by stage), `blocks` (residual blocks by stage), `squeeze_excitation` (hidden share of
            the channel attention in each block, 0 for none), `batch_norm_momentum` and
            `dropout_rate` (before the dense layer).
        classes: Outputs of the softmax.
        seed: Seeds the initial weights and the dropout.
        fused: `FusedBatchNormalization` (fast training on TensorFlow) or Keras' own layer.

    Input shape: `(batch, crop_size, crop_size, 1)`, gray levels divided by 255.

    Output shape: `(batch, classes)`, float32 probabilities.

    Reference:
        - [Deep Residual Learning](https://arxiv.org/abs/1512.03385), He et al., 2015
        - [Squeeze-and-Excitation Networks](https://arxiv.org/abs/1709.01507), Hu et al., 2017
    """
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    side = settings["crop_size"]
    norm = functools.partial(norm_layer(fused), momentum=settings["batch_norm_momentum"])
    inputs = keras.Input((side, side, 1), name="face")
    x = convolve(inputs, settings["stem"], 3, settings["stem_stride"], seeds, norm, "stem")
    x = layers.ReLU(name="stem_relu")(x)
    for stage, (width, count) in enumerate(
        zip(settings["widths"], settings["blocks"], strict=True), 1
    ):
        for number in range(1, count + 1):
            stride = 2 if stage > 1 and number == 1 else 1
            name = f"stage_{stage}_block_{number}"
            x = residual_block(x, width, stride, settings["squeeze_excitation"], seeds, norm, name)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(settings["dropout_rate"], seed=next(seeds), name="dropout")(x)
    start = keras.initializers.GlorotUniform(next(seeds))
    head = layers.Dense(
        classes, "softmax", kernel_initializer=start, dtype="float32", name="emotion"
    )
    return keras.Model(inputs, head(x), name="residual")


def norm_layer(fused):
    """The class of the batch norm layer; ours needs TensorFlow, which is imported only then."""
    if not fused:
        return layers.BatchNormalization
    from ferd.networks.batch_norm import FusedBatchNormalization

    return FusedBatchNormalization


def residual_block(x, width, stride, attention_share, seeds, norm, name):
    """Two 3x3 convolutions and a shortcut, which is a 1x1 convolution if the shapes differ."""
    y = convolve(x, width, 3, stride, seeds, norm, f"{name}_1")
    y = layers.ReLU(name=f"{name}_relu_1")(y)
    y = convolve(y, width, 3, 1, seeds, norm, f"{name}_2")
    if attention_share:
        y = excite(y, attention_share, seeds, name)
    if stride > 1 or x.shape[-1] != width:
        x = convolve(x, width, 1, stride, seeds, norm, f"{name}_shortcut")
    return layers.ReLU(name=f"{name}_relu_2")(layers.Add(name=f"{name}_add")([x, y]))


def convolve(x, width, kernel_size, stride, seeds, norm, name):
    """Convolution without bias, then batch norm."""
    convolution = layers.Conv2D(
        width,
        kernel_size,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer=keras.initializers.HeNormal(next(seeds)),
        name=f"{name}_conv",
    )
    return norm(name=f"{name}_norm")(convolution(x))


def excite(x, share, seeds, name):
    """Squeeze and excitation: weights each channel by a function of the pooled channels."""
    width = x.shape[-1]

    def dense(units, activation, role):
        start = keras.initializers.GlorotUniform(next(seeds))
        return layers.Dense(units, activation, kernel_initializer=start, name=f"{name}_{role}")

    weights = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_squeeze")(x)
    weights = dense(max(4, round(width * share)), "relu", "excite_1")(weights)
    weights = dense(width, "sigmoid", "excite_2")(weights)
    return layers.Multiply(name=f"{name}_excite")([x, weights])


def multiply_adds(model):
    """Multiply-adds of all convolutions and dense layers for one face.

    Args:
        model: A `keras.Model` of such layers.

    Returns:
        Integer; biases, normalizations and activations are not counted, as is usual.
    """
    total = 0
    for layer in model.layers:
        if isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D)):
            height, width = layer.output.shape[1:3]
            total += height * width * math.prod(layer.kernel.shape)
        elif isinstance(layer, layers.Dense):
            total += math.prod(layer.kernel.shape)
    return int(total)
