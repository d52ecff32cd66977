"""Trains small networks on JAX and prints what came of it, as JSON; tests run it in a process.

Keras takes one backend for as long as a process lives, and that of the tests is TensorFlow: set
KERAS_BACKEND=jax before.
"""

import json

import keras
import numpy as np

from ferd.training.core.batches import to_input
from ferd.training.jax.state import Predictor
from ferd.training.jax.teacher import Teacher
from ferd.training.jax.train import train_on_device
from ferd.training.recipes.train_recipe import smooth_targets
from tests.helpers.small_faces import make_faces

SETTINGS = {
    **{"seed": 3, "crop_size": 8, "stem": 16, "stem_stride": 2, "widths": [16], "blocks": [1]},
    **{"squeeze_excitation": 0.0, "batch_norm_momentum": 0.8, "dropout_rate": 0.0},
    **{"epochs": 30, "batch_size": 35, "learning_rate": 0.1},
    **{"warmup_epochs": 1, "weight_decay": 0.0005, "average": 0.8, "label_smoothing": 0.0},
    **{"flip": True, "rotation_degrees": 5.0, "zoom": 0.1},
    **{"brightness": 0.0, "contrast": 0.0, "erasing": 0.2},
}


def faces_by_brightness():
    """Faces whose class is their brightness, with noise."""
    faces = make_faces((10,) * 7, seed=2, size=10)
    faces.images[:] = 30 * faces.classes[:, None, None] + faces.images // 10
    return faces


class Stubborn:
    """A teacher that predicts class 2 for every input."""

    trainable_variables = non_trainable_variables = ()
    layers = ()

    def stateless_call(self, weights, others, views, training):
        return keras.ops.one_hot(keras.ops.full(len(views), 2), 7), others

    def get_weights(self):
        return []


def main():
    found, faces = {}, faces_by_brightness()
    targets = smooth_targets(faces.classes, 0.0)
    model, history = train_on_device(faces, targets, faces, SETTINGS)
    found["accuracy"] = float(history["val_accuracy"].iloc[-1])
    found["epochs"] = history["epoch"].tolist()
    views = to_input(faces.images[:, 1:9, 1:9])
    answers = Predictor(model).predict(views, batch_size=32)
    found["predictor_off"] = float(np.abs(answers - model.predict(views, verbose=0)).max())
    found["right"] = float((answers.argmax(axis=1) == faces.classes).mean())
    short = SETTINGS | {"epochs": 8}
    taught, _ = train_on_device(faces, targets, faces, short, Teacher([Stubborn()], 1.0))
    answers = Predictor(taught).predict(views, batch_size=70)
    found["said_2"] = float((answers.argmax(axis=1) == 2).mean())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
