"""Makes the two candidates for `general`: a mean of networks, and one trained on both labels."""

from pathlib import Path

import keras

from ferd.export.onnx_export import halve, to_onnx
from ferd.export.viewed_network import with_views
from ferd.packaged import make
from ferd.packaged.average import average

MIXED = Path("data/mixed/2024/model.keras")


def make_compromises(size):
    """Makes the networks of which one becomes `general`.

    Args:
        size: Side of a face in pixels.

    Returns:
        Dict of name to the bytes of the ONNX file: `mean`, the mean prediction of the packaged
        networks, and `mixed`, a network trained on both kinds of labels.
    """
    trained = keras.saving.load_model(MIXED, compile=False)
    mixed = halve(to_onnx(with_views(trained, size, "flip")))
    made = {"mean": average([make.read(name) for name in make.TRAINED]), "mixed": mixed}
    return {name: make.to_bytes(model) for name, model in made.items()}
