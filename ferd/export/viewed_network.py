"""Builds test-time augmentation into a network: it averages predictions over windows of a face."""

import keras

from ferd.training.recipes.augment import views_of


def with_views(model, size, views):
    """Adds the averaging over windows to a network.

    Args:
        model: `keras.Model` of one input `(batch, side, side, 1)` and one output
            `(batch, classes)`.
        size: Side of the input face in pixels; at least the model's `side`.
        views: As in `ferd.training.recipes.augment.views_of`.

    Returns:
        `keras.Model` with the same weights, not copies.

    Input shape: `(batch, size, size, 1)`, gray levels divided by 255.

    Output shape: `(batch, classes)`, the mean of the model's probabilities for the windows.

    Raises:
        ValueError: If the face is smaller than the model's window.
    """
    side, classes = model.input_shape[1], model.output_shape[-1]
    if size < side:
        raise ValueError(f"a face of {size} pixels has no window of {side}")
    inputs = keras.Input((size, size, 1), name="face")
    windows = views_of(keras.ops.squeeze(inputs, -1), side, views)
    # All windows are one batch, so the network is called once and is in an export once.
    stacked = keras.ops.concatenate([keras.ops.expand_dims(one, -1) for one in windows], axis=0)
    answers = keras.ops.reshape(model(stacked), (len(windows), -1, classes))
    return keras.Model(inputs, keras.ops.mean(answers, axis=0), name=f"{model.name}_{views}")
