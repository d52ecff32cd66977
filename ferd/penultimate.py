"""The outputs of a network's penultimate dense layer."""

import keras
import numpy as np

from ferd.batches import to_input
from ferd.network import FEATURE_LAYER


def features_of(model, images, batch_size=256):
    """Runs the network up to its 256-unit dense layer, whose ReLU is the last step.

    Args:
        model: A network of `ferd.network.build_network`.
        images: uint8, shape `(faces, size, size)`.
        batch_size: Faces at a time; decides speed only.

    Returns:
        float32, shape `(faces, 256)`.

    Raises:
        ValueError: If the model has no layer of that name.
    """
    layer = model.get_layer(FEATURE_LAYER)
    if len(images) == 0:  # Keras predicts nothing from nothing, not an empty array
        return np.zeros((0, layer.units), "float32")
    cut = keras.Model(model.input, layer.output)
    return cut.predict(to_input(images), batch_size=batch_size, verbose=0)
