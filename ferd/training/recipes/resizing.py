"""Progressive resizing: the first epochs train on shrunken faces, which is far less work.

The side grows to the full one, which the last epochs use.
"""

import cv2
import keras
import numpy as np

# Pixels from one side to the next; TensorFlow sets its convolutions up anew for each side.
GROWTH = 8


def side_of(epoch, settings):
    """The side of the faces in an epoch.

    It grows in steps of 8 pixels, spread evenly over the epochs before the full ones.

    Args:
        epoch: Counted from 0.
        settings: Dict of `epochs`, `crop_size` (the full side), `initial_size` (the first epoch's
            side; 0 for the full side throughout) and `full_size_epochs`.

    Returns:
        Integer, pixels.

    Reference:
        - [EfficientNetV2](https://arxiv.org/abs/2104.00298), Tan and Le, 2021
    """
    full, first = settings["crop_size"], settings["initial_size"]
    growing = settings["epochs"] - settings["full_size_epochs"]
    if not first or epoch >= growing:
        return full
    sides = range(first, full, GROWTH)
    return sides[len(sides) * epoch // growing]


def sized(settings):
    """The settings of the network, which accepts any side if the sides change.

    Args:
        settings: As in `side_of`.

    Returns:
        The settings; `crop_size` is None where sides change.

    Raises:
        SystemExit: If the first side is not below the full one, if no epoch has the full one, or if
            the sides change on a backend other than TensorFlow.
    """
    first, full = settings["initial_size"], settings["crop_size"]
    if not first:
        return settings
    if not 8 <= first < full:
        raise SystemExit(f"initial_size is {first}; it takes 0, or 8 to below crop_size, {full}")
    if not 0 < settings["full_size_epochs"] < settings["epochs"]:
        raise SystemExit("full_size_epochs takes 1 to below epochs where initial_size is set")
    if keras.backend.backend() != "tensorflow":
        raise SystemExit("shrunken faces need Keras on TensorFlow; set initial_size to 0")
    return settings | {"crop_size": None}


def shrink(inputs, side):
    """Shrinks faces to `side` by averaging the pixels that fall into one.

    Args:
        inputs: float32, shape `(faces, size, size, 1)`.
        side: Pixels, at most `size`.

    Returns:
        float32, shape `(faces, side, side, 1)`.
    """
    if inputs.shape[1] == side:
        return inputs
    shrunken = [cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in inputs]
    return np.stack(shrunken)[..., np.newaxis]


def feed_any_side(batches):
    """As `ferd.training.core.feeding.feed`, for faces whose sides change between epochs.

    Args:
        batches: A `keras.utils.PyDataset` of pairs of faces and soft targets.
    """
    # Imported here because recipes with one side are trained without TensorFlow too.
    import tensorflow as tf

    from ferd.training.core.feeding import feed

    faces, targets = batches[0]
    signature = tf.TensorSpec((None, None, None, 1), faces.dtype)
    return feed(batches, (signature, tf.TensorSpec((None, *targets.shape[1:]), targets.dtype)))
