"""Grad-CAM: maps of the places in a face that a network's prediction depends on."""

import keras
import numpy as np
import tensorflow as tf

from ferd.training.core.batches import to_input

# The last convolution after its ReLU has the finest maps of whole features.
LAYER = "conv_4"
# From the output back to the pixels: the order in which `randomized` replaces the weights.
TRAINED_LAYERS = ("emotion", "dense_2", "dense_1", "conv_4", "conv_3", "conv_2", "conv_1")


def attention_maps(model, images, classes, batch_size):
    """Sum of the last convolution's maps, each weighted by its mean gradient of a class's logit.

    Without Grad-CAM's final ReLU, so that maps can be ranked; `np.maximum(maps, 0)` is Grad-CAM's.

    Args:
        model: A network of `ferd.networks.paper.paper_cnn.build_network`.
        images: uint8, shape `(faces, size, size)`.
        classes: The class to explain of each face, integers, shape `(faces,)`.
        batch_size: Faces at a time.

    Returns:
        float32, shape `(faces, size / 8, size / 8)`.

    Reference:
        - [Grad-CAM](https://arxiv.org/abs/1610.02391), Selvaraju et al., 2016
    """
    last = model.get_layer("emotion")
    cut = keras.Model(model.input, [model.get_layer(LAYER).output, last.input])

    @tf.function
    def explain(faces, chosen):
        with tf.GradientTape() as tape:
            maps, before_last = cut(faces, training=False)
            # The logit, not the softmax, whose gradient vanishes at a high confidence.
            logits = tf.matmul(before_last, last.kernel) + last.bias
            score = tf.gather(logits, chosen, axis=1, batch_dims=1)
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
        return tf.reduce_sum(weights * maps, axis=-1)

    batches = [slice(start, start + batch_size) for start in range(0, len(images), batch_size)]
    faces, chosen = to_input(images), np.asarray(classes, "int32")
    return np.concatenate([explain(faces[rows], chosen[rows]).numpy() for rows in batches])


def randomized(model, fresh):
    """Replaces the trained weights by random ones, layer by layer from output to input.

    Args:
        model: A trained network; it is changed.
        fresh: The same network with initial weights.

    Yields:
        `(name, model)` after each of `TRAINED_LAYERS`: its weights are now `fresh`'s.

    Reference:
        - [Sanity Checks for Saliency Maps](https://arxiv.org/abs/1810.03292), Adebayo et al., 2018
    """
    for name in TRAINED_LAYERS:
        model.get_layer(name).set_weights(fresh.get_layer(name).get_weights())
        yield name, model
