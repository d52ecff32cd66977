"""Trains a residual network on the shares of FER+'s votes, for eight classes."""

import keras
import numpy as np
import pandas as pd

from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES
from ferd.networks.residual import build_residual
from ferd.training.core.batches import to_input
from ferd.training.core.resume import ResumeCheckpoint, checkpoint_root, run_key
from ferd.training.recipes.augment import views_of
from ferd.training.recipes.train_recipe import (
    RateLog,
    RecipeBatches,
    RecipeTraining,
    make_optimizer,
)


class FerplusBatches(RecipeBatches):
    """`RecipeBatches` whose targets a teacher may change.

    Args:
        images, targets, settings: As in `RecipeBatches`.
        teacher: None, or an object whose `teach(inputs, targets)` returns targets for a batch.
    """

    def __init__(self, images, targets, settings, teacher=None):
        super().__init__(images, targets, settings)
        self.teacher = teacher

    def __getitem__(self, index):
        inputs, targets = super().__getitem__(index)
        return inputs, self.teacher.teach(inputs, targets) if self.teacher else targets


def train_ferplus(faces, settings, precision, teacher=None, callbacks=()):
    """Trains for a fixed number of epochs and returns the averaged weights.

    Args:
        faces: `ferd.dataset.ferplus.faces.FerplusFaces`; the test part is not read.
        settings, precision, callbacks: As in `ferd.training.recipes.train_recipe.train_recipe`.
        teacher: As in `FerplusBatches`.

    Returns:
        `RecipeTraining`, of a network with eight outputs.
    """
    from ferd.training.core.feeding import feed, feed_arrays

    start_seeded(settings["seed"])
    targets = smooth_shares(faces.train.shares, settings["label_smoothing"])
    batches = FerplusBatches(faces.train.images, targets, settings, teacher)
    model = compiled_model(settings, len(batches))
    held_out = faces.validation
    taught = teacher.arrays() if teacher else []
    key = run_key({"ferplus": settings}, faces.train.images, targets, held_out.images, *taught)
    checkpoint = ResumeCheckpoint(checkpoint_root() / key, (), batches)
    window = views_of(held_out.images, settings["crop_size"], "centre")[0]
    actual = np.eye(len(FERPLUS_CLASSES), dtype="float32")[held_out.classes]
    model.fit(
        feed(batches),
        epochs=settings["epochs"],
        initial_epoch=checkpoint.peek(),
        validation_data=feed_arrays((to_input(window), actual), 256),
        shuffle=False,
        callbacks=[keras.callbacks.SwapEMAWeights(), RateLog(), *callbacks, checkpoint],
        verbose=2,
    )
    history = pd.DataFrame(checkpoint.history)
    history.insert(0, "epoch", np.arange(1, len(history) + 1))
    return RecipeTraining(plain_model(model, settings), history, precision, checkpoint)


def start_seeded(seed):
    """Seeds Keras and makes TensorFlow's operations deterministic."""
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def compiled_model(settings, steps):
    """An untrained network with its optimizer, which has `steps` batches an epoch."""
    model = build_residual(settings, len(FERPLUS_CLASSES), settings["seed"], fused=True)
    optimizer = make_optimizer(settings, steps)
    accuracy = keras.metrics.CategoricalAccuracy("accuracy")
    model.compile(optimizer, loss="categorical_crossentropy", metrics=[accuracy])
    # Built now, because a first step that creates variables is traced twice.
    optimizer.build(model.trainable_variables)
    return model


def plain_model(model, settings):
    """The same weights in a float32 network of Keras' own layers."""
    keras.mixed_precision.set_dtype_policy("float32")
    plain = build_residual(settings, len(FERPLUS_CLASSES), settings["seed"])
    plain.set_weights(model.get_weights())
    return plain


def smooth_shares(shares, smoothing):
    """Targets of which a share is spread over all classes.

    Args:
        shares: float32, shape `(faces, classes)`, rows summing to 1.
        smoothing: The share, 0 to 1.
    """
    return shares * np.float32(1 - smoothing) + np.float32(smoothing / shares.shape[1])
