"""Trains Table I's network, or a variant of it, on one set of faces."""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from ferd.classes import CLASSES
from ferd.networks.paper.paper_cnn import build_network
from ferd.training.core.batches import Batches, to_input, weigh_classes
from ferd.training.core.feeding import feed, feed_arrays
from ferd.training.core.precision import choose_precision
from ferd.training.core.resume import ResumeCheckpoint, checkpoint_root, run_key
from ferd.training.paper.augment import light_augment


@dataclass(frozen=True)
class Training:
    """A finished training.

    Attributes:
        model: The network with the weights of its best epoch, float32, of Keras' own layers.
        history: DataFrame, a row per epoch: epoch, accuracy, loss, val_accuracy, val_loss,
            learning_rate.
        precision: Dtype policy it was trained under.
        resumed_at: Epochs of a killed run before this one; 0 for an uninterrupted run.
        checkpoint: `ResumeCheckpoint`; `clear()` it once the results are written.
    """

    model: keras.Model
    history: pd.DataFrame
    precision: str
    resumed_at: int
    checkpoint: ResumeCheckpoint

    @property
    def best_epoch(self):
        """Number of the best epoch, from 1: the first with the highest validation accuracy."""
        return int(self.history["val_accuracy"].idxmax()) + 1


def train_network(
    faces, validating, settings, augment=None, after_block=None, variant=None, callbacks=()
):
    """Trains a network and returns it with the weights of its best epoch.

    Args:
        faces: `Faces` of the train split.
        validating: Mask of the validation faces, shape `(faces,)`, which choose the epoch.
        settings: The `train` section of params.yaml.
        augment: As in `Batches`; None for the light augmentation of `settings`.
        after_block: As in `build_network`.
        variant: JSON-able params of an ablation; part of the checkpoint's key.
        callbacks: Further Keras callbacks, which must not change the training.

    Returns:
        `Training`.
    """
    # Deterministic kernels cost no measurable time on a CPU and make reruns equal to the last bit.
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(settings["seed"])
    precision = choose_precision(settings["precision"])
    print(f"training on {(~validating).sum()} faces in {precision}", flush=True)
    batches = training_batches(faces.take(~validating), settings, augment)
    size = faces.images.shape[1]
    with strategy().scope():
        model = build(settings, size, fused=True, after_block=after_block)
        optimizer = make_optimizer(settings, len(batches))
        accuracy = keras.metrics.SparseCategoricalAccuracy("accuracy")
        model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=[accuracy])
        # Built now, like the metric, because a first step that creates variables is traced twice.
        optimizer.build(model.trainable_variables)
    key = run_key({"train": settings, "variant": variant}, faces.images, faces.classes, validating)
    folder, held_out = checkpoint_root() / key, faces.take(validating)
    checkpoint = fit(model, batches, held_out, settings, folder, callbacks)
    history = pd.DataFrame(checkpoint.history)
    history.insert(0, "epoch", np.arange(1, len(history) + 1))
    plain = in_float32(model, settings, size, after_block)
    return Training(plain, history, precision, checkpoint.resumed_at, checkpoint)


def fit(model, batches, held_out, settings, folder, further=()):
    """Fits the model from the checkpoint in `folder` on; returns the `ResumeCheckpoint`."""
    callbacks = make_callbacks(settings)
    checkpoint = ResumeCheckpoint(folder, callbacks, batches)
    model.fit(
        feed(batches),
        epochs=settings["epochs"],
        initial_epoch=checkpoint.peek(),
        validation_data=feed_arrays((to_input(held_out.images), held_out.classes), 256),
        # Keras would shuffle the batches by Python's global random state.
        shuffle=False,
        callbacks=[*callbacks, LearningRateLog(), *further, checkpoint],
        verbose=2,
    )
    return checkpoint


def training_batches(faces, settings, augment=None):
    """`Batches` of the faces by `settings`, with light augmentation unless `augment` is given."""

    def light(images, classes, generator):
        return light_augment(images, generator, settings["flip"], settings["rotation_degrees"])

    weights = weigh_classes(faces.classes, len(CLASSES), settings["class_weights"])
    return Batches(
        faces.images,
        faces.classes,
        settings["batch_size"],
        settings["seed"],
        augment or light,
        weights,
    )


def build(settings, size, fused, after_block=None):
    """Builds the network of `settings`."""
    return build_network(
        block_dropout=settings["block_dropout"],
        dense_dropout=settings["dense_dropout"],
        batch_norm_momentum=settings["batch_norm_momentum"],
        l2=settings["l2"],
        size=size,
        classes=len(CLASSES),
        seed=settings["seed"],
        fused=fused,
        after_block=after_block,
    )


def in_float32(model, settings, size, after_block=None):
    """The same weights in a float32 network with Keras' own batch norm, which loads anywhere."""
    keras.mixed_precision.set_dtype_policy("float32")
    plain = build(settings, size, fused=False, after_block=after_block)
    plain.set_weights(model.get_weights())
    return plain


def make_optimizer(settings, steps):
    """Adam with a learning rate per `settings["schedule"]`.

    Args:
        settings: The `train` section of params.yaml.
        steps: Batches per epoch.
    """
    rate = settings["learning_rate"]
    if settings["schedule"] == "cosine":
        warmup = settings["warmup_epochs"] * steps
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=0.0 if warmup else rate,
            decay_steps=max(1, settings["epochs"] * steps - warmup),
            warmup_target=rate if warmup else None,
            warmup_steps=warmup,
        )
    return keras.optimizers.Adam(rate)


def make_callbacks(settings):
    """EarlyStopping, which also restores the best epoch's weights, and ReduceLROnPlateau."""
    stop = keras.callbacks.EarlyStopping(
        monitor="val_accuracy",
        mode="max",
        patience=settings["early_stopping_patience"],
        restore_best_weights=True,
    )
    if settings["schedule"] != "plateau":
        return [stop]
    reduce = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss", factor=settings["plateau_factor"], patience=settings["plateau_patience"]
    )
    return [stop, reduce]


class LearningRateLog(keras.callbacks.Callback):
    """Adds the learning rate at each epoch's end to the logs."""

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = float(np.array(self.model.optimizer.learning_rate))


def strategy():
    """Keras' default distribution strategy, or all GPUs if TensorFlow sees several."""
    several = len(tf.config.list_physical_devices("GPU")) > 1
    return tf.distribute.MirroredStrategy() if several else tf.distribute.get_strategy()


def predict(model, images):
    """Class probabilities, float32, shape `(faces, classes)`."""
    return model.predict(to_input(images), batch_size=256, verbose=0)
