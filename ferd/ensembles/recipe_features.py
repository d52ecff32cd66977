"""Computes a recipe network's pooled features of faces that it was not trained on."""

import keras
import numpy as np

from ferd.dataset.parts.faces import load_faces
from ferd.training.core.batches import to_input
from ferd.training.recipes.augment import views_of


def pooled_features(model, images, crop_size, batch_size=256):
    """Outputs of a network's global average pooling.

    Args:
        model: A network of `ferd.networks.residual.build_residual`.
        images: uint8, shape `(faces, size, size)`.
        crop_size: Side of the middle window that is the network's input.
        batch_size: Faces at a time; changes the speed only.

    Returns:
        float32, shape `(faces, channels)`: mean over the windows and their mirror images.
    """
    layer = model.get_layer("pool")
    if len(images) == 0:  # Keras returns None for no input, not an empty array
        return np.zeros((0, layer.output.shape[-1]), "float32")
    cut = keras.Model(model.input, layer.output)
    windows = views_of(images, crop_size, "flip")
    answers = [cut.predict(to_input(one), batch_size=batch_size, verbose=0) for one in windows]
    return np.mean(answers, axis=0)


def hybrid_arrays(model, faces, crop_size):
    """The arrays of `ferd.ensembles.features.read_features`, for fitting ensembles.

    Args:
        model, crop_size: As in `pooled_features`.
        faces: `ferd.training.recipes.data.RecipeFaces`; the ensembles are fitted on its validation
            faces, the only labelled faces that the network was not trained on.

    Returns:
        Dict: `<part>_features`, `<part>_classes` and `<part>_names` of `train` (the validation
        part), `test` and `fallback` (test images in which no face was found, whole).
    """
    whole = load_faces("test", view="whole")
    parts = {"train": faces.validation, "test": faces.test, "fallback": whole.take(~whole.found)}
    arrays = {}
    for part, some in parts.items():
        arrays[f"{part}_features"] = pooled_features(model, some.images, crop_size)
        arrays[f"{part}_classes"], arrays[f"{part}_names"] = some.classes, some.names
    return arrays
