"""Dropout that draws one random byte per value. Keras draws four, which is slower."""

import keras
import tensorflow as tf

LEVELS = 256


@keras.saving.register_keras_serializable(package="ferd")
class ByteDropout(keras.layers.Layer):
    """Sets a random share of the values to 0 in training and scales the others up.

    A byte has 256 levels, so the rate is rounded to the nearest 1/256 (0.3 becomes 77/256); the
    scale fits the rounded rate, so that the expected output is the input.

    Args:
        rate: Share of values set to 0, from 0 to 255/256.
        seed: Seeds the noise; the generator's state is one of the layer's variables.

    Input shape: Any, with a floating dtype.

    Output shape: The input's.

    Raises:
        ValueError: For a rate out of range.

    Reference:
        Srivastava et al., "Dropout", JMLR 2014.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate <= (LEVELS - 1) / LEVELS:
            raise ValueError(f"rate is {rate}; it takes 0 to 255/256")
        self.rate, self.seed = rate, seed
        self.dropped_levels = round(rate * LEVELS)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or not self.dropped_levels:
            return inputs
        count = tf.size(inputs)
        words = tf.random.stateless_uniform(
            [(count + 3) // 4],
            tf.cast(self.seed_generator.next(), tf.int32),
            minval=None,
            maxval=None,
            dtype=tf.int32,
        )
        levels = tf.reshape(tf.bitcast(words, tf.uint8), [-1])[:count]
        kept = tf.reshape(levels >= self.dropped_levels, tf.shape(inputs))
        scale = LEVELS / (LEVELS - self.dropped_levels)
        return inputs * tf.cast(kept, inputs.dtype) * tf.cast(scale, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"rate": self.rate, "seed": self.seed}
