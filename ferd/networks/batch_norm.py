"""Batch normalization with TensorFlow's fused operation, which is faster on a CPU than Keras'.

Keras 3 computes batch normalization in separate operations, each a pass over the activations, and
in bfloat16 under mixed bfloat16. The fused operation is one pass, with its sums in float32.
"""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="ferd")
class FusedBatchNormalization(keras.layers.Layer):
    """Normalizes each channel over batch and positions, then scales and shifts it.

    Weights, names and order are those of `keras.layers.BatchNormalization`, so that a network
    trained with this layer can hand its weights to one built with Keras' own. The running variance
    is the unbiased one (n - 1), Keras' is the biased one; with 64 faces of 36 positions they
    differ by 0.04%.

    Args:
        momentum: Share of the running mean and variance kept at each training step.
        epsilon: Added to the variance; the operation refuses values below 1.001e-5.

    Input shape: `(batch, channels)` or `(batch, height, width, channels)`, float32 or bfloat16.

    Output shape: The input's.

    Raises:
        ValueError: For an input of another rank.

    Reference:
        Ioffe and Szegedy, 2015; `tf.compat.v1.nn.fused_batch_norm`.
    """

    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, input_shape):
        if len(input_shape) not in (2, 4):
            raise ValueError(f"FusedBatchNormalization takes rank 2 or 4, not shape {input_shape}")

        def weight(name, start, trainable):
            # autocast=False: the operation needs these in float32 whatever the activations' type.
            return self.add_weight(
                name=name,
                shape=input_shape[-1:],
                initializer=start,
                trainable=trainable,
                dtype="float32",
                autocast=False,
            )

        self.gamma = weight("gamma", "ones", True)
        self.beta = weight("beta", "zeros", True)
        self.moving_mean = weight("moving_mean", "zeros", False)
        self.moving_variance = weight("moving_variance", "ones", False)

    def call(self, inputs, training=False):
        x = inputs if len(inputs.shape) == 4 else inputs[:, tf.newaxis, tf.newaxis, :]
        running = {}
        if not training:
            running = {"mean": self.moving_mean.value, "variance": self.moving_variance.value}
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            x,
            self.gamma.value,
            self.beta.value,
            epsilon=self.epsilon,
            is_training=bool(training),
            **running,
        )[:3]
        if training:
            for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(moving * self.momentum + now * (1 - self.momentum))
        return y if len(inputs.shape) == 4 else tf.squeeze(y, [1, 2])

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "epsilon": self.epsilon}
