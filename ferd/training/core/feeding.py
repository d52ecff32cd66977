"""Feeds batches to Keras through a tf.data pipeline that ends with its last batch.

Keras' own pipeline for a `PyDataset` leaves tf.data's autotuning on. Its thread sleeps for 10, 20,
40, ... ms. On a busy machine it misses the signal to stop and sleeps on, so the epoch ends 5.1,
10.2, 20.5, 41 or 82 seconds after it began.
"""

import tensorflow as tf


def feed(batches):
    """A tf.data pipeline of the batches of the current epoch.

    Args:
        batches: A `keras.utils.PyDataset` of tuples of arrays. Each pass reads its batches anew,
            in order, so a callback may start the next epoch in between.

    Returns:
        `tf.data.Dataset` of as many elements as there are batches; two are prepared ahead.
    """
    signature = tuple(tf.TensorSpec((None, *part.shape[1:]), part.dtype) for part in batches[0])
    dataset = tf.data.Dataset.from_generator(
        lambda: (batches[index] for index in range(len(batches))), output_signature=signature
    )
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))
    return untuned(dataset.prefetch(2))


def feed_arrays(arrays, batch_size):
    """A tf.data pipeline of arrays in order, cut into batches.

    Args:
        arrays: Tuple of arrays of one length.
        batch_size: Rows a batch; the last may have fewer.
    """
    return untuned(tf.data.Dataset.from_tensor_slices(arrays).batch(batch_size))


def untuned(dataset):
    """The same pipeline without autotuning."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
