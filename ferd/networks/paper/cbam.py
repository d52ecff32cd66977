"""CBAM, the convolutional block attention module: channel attention, then spatial attention."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="ferd")
class CBAM(layers.Layer):
    """Scales a feature map by weights of its channels, then by weights of its positions.

    Args:
        reduction_ratio: Channels divided by this is the width of the shared perceptron's hidden
            layer (at least 1).
        kernel_size: Side of the convolution over positions.
        seed: Seeds the initial weights.

    Input shape: `(batch, height, width, channels)`.

    Output shape: The input's.

    Raises:
        ValueError: For an input that is not of rank 4.

    Reference:
        Woo, Park, Lee and Kweon, "CBAM: Convolutional Block Attention Module", ECCV 2018.
    """

    def __init__(self, reduction_ratio=16, kernel_size=7, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.reduction_ratio, self.kernel_size, self.seed = reduction_ratio, kernel_size, seed

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(f"CBAM takes (batch, height, width, channels), not {input_shape}")
        channels = input_shape[-1]
        hidden = max(1, channels // self.reduction_ratio)
        start = [keras.initializers.GlorotUniform(self._seed(number)) for number in range(3)]
        policy = self.dtype_policy
        self.squeeze = layers.Dense(
            hidden, "relu", kernel_initializer=start[0], name="squeeze", dtype=policy
        )
        self.excite = layers.Dense(
            channels, kernel_initializer=start[1], name="excite", dtype=policy
        )
        self.locate = layers.Conv2D(
            1,
            self.kernel_size,
            padding="same",
            use_bias=False,
            kernel_initializer=start[2],
            name="locate",
            dtype=policy,
        )
        self.squeeze.build((None, channels))
        self.excite.build((None, hidden))
        self.locate.build((None, *input_shape[1:3], 2))

    def call(self, inputs):
        x = inputs * self.channel_map(inputs)
        return x * self.position_map(x)

    def channel_map(self, x):
        """Weight of each channel, in (0, 1), shape `(batch, 1, 1, channels)`."""
        pooled = (ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2)))
        # One perceptron for both poolings: it is shared in the paper.
        scores = sum(self.excite(self.squeeze(values)) for values in pooled)
        return ops.sigmoid(scores)[:, None, None, :]

    def position_map(self, x):
        """Weight of each position, in (0, 1), shape `(batch, height, width, 1)`."""
        pooled = (ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True))
        return ops.sigmoid(self.locate(ops.concatenate(pooled, axis=-1)))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {
            "reduction_ratio": self.reduction_ratio,
            "kernel_size": self.kernel_size,
            "seed": self.seed,
        }

    def _seed(self, number):
        return None if self.seed is None else self.seed * 3 + number
