"""Loads a trained network and predicts with it."""

import keras

import ferd.networks.paper.cbam  # noqa: F401  Keras must know the layers of a network it loads
from ferd.training.core.batches import to_input


def load_trained(stage):
    """Loads the network of a training stage.

    Args:
        stage: Name of the stage, e.g. "train".

    Returns:
        `keras.Model`, not compiled.

    Raises:
        ValueError: If the stage has not run.
    """
    return keras.saving.load_model(f"data/{stage}/model.keras", compile=False)


def probabilities(model, images, batch_size):
    """Predicts images with a network.

    Args:
        model: From `load_trained`.
        images: uint8, shape `(images, size, size)`.
        batch_size: Images at a time; changes the speed only.

    Returns:
        Class probabilities, float32, shape `(images, classes)`.
    """
    return model.predict(to_input(images), batch_size=batch_size, verbose=0)
