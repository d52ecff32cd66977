"""Computes the outputs of a network's penultimate dense layer: its features."""

import keras
import numpy as np

from ferd.dataset.parts.copy_free import training_faces
from ferd.dataset.parts.faces import load_faces
from ferd.networks.paper.paper_cnn import FEATURE_LAYER
from ferd.training.core.batches import to_input


def features_of(model, images, batch_size=256):
    """Outputs of the network's 256-unit dense layer, after its ReLU.

    Args:
        model: A network of `ferd.networks.paper.paper_cnn.build_network`.
        images: uint8, shape `(faces, size, size)`.
        batch_size: Faces at a time; changes the speed only.

    Returns:
        float32, shape `(faces, 256)`.

    Raises:
        ValueError: If the model has no layer of that name.
    """
    layer = model.get_layer(FEATURE_LAYER)
    if len(images) == 0:  # Keras returns None for no input, not an empty array
        return np.zeros((0, layer.units), "float32")
    cut = keras.Model(model.input, layer.output)
    return cut.predict(to_input(images), batch_size=batch_size, verbose=0)


def feature_arrays(model, settings, batch_size=256):
    """The arrays of data/features/<run>.npz.

    Args:
        model: As in `features_of`.
        settings: Dict whose `exclude_test_copies` may exclude training faces; it may be empty.
        batch_size: As in `features_of`.

    Returns:
        Dict: `<part>_features`, `<part>_classes` and `<part>_names` of the detected faces of
        `train` and `test`, and of `fallback`: the test images in which no face was found, whole.
    """
    whole = load_faces("test", view="whole")
    parts = {"train": training_faces(load_faces("train"), settings), "test": load_faces("test")}
    parts["fallback"] = whole.take(~whole.found)
    arrays = {}
    for part, faces in parts.items():
        arrays[f"{part}_features"] = features_of(model, faces.images, batch_size)
        arrays[f"{part}_classes"] = faces.classes
        arrays[f"{part}_names"] = faces.names
    return arrays
