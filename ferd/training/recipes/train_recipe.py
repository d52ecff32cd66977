"""Trains a residual network by a recipe."""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.networks.residual import build_residual
from ferd.training.core.batches import Batches, to_input
from ferd.training.core.resume import ResumeCheckpoint, checkpoint_root, run_key
from ferd.training.recipes.augment import augment_faces, views_of


@dataclass(frozen=True)
class RecipeTraining:
    """A finished training by recipe.

    Attributes:
        model: The network with averaged weights, float32, of Keras' own layers.
        history: DataFrame, a row per epoch: epoch, accuracy and loss on augmented faces,
            val_accuracy and val_loss of the averaged weights, learning_rate.
        precision: Dtype policy it was trained under.
        checkpoint: `ResumeCheckpoint`; `clear()` it once the results are written.
    """

    model: keras.Model
    history: pd.DataFrame
    precision: str
    checkpoint: ResumeCheckpoint


class RecipeBatches(Batches):
    """Batches of augmented faces with soft targets.

    As `Batches`, but with targets of float32, shape `(faces, classes)`, rows summing to 1.

    Args:
        images: uint8, shape `(faces, size, size)`.
        targets: As above.
        settings: Dict of `batch_size`, `seed` and the keys of `augment_faces`.
    """

    def __init__(self, images, targets, settings):
        super().__init__(images, targets, settings["batch_size"], settings["seed"], None)
        self.settings = settings

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        generator = np.random.default_rng((self.seed, self.epoch, index))
        views = augment_faces(self.images[rows], generator, self.settings)
        return to_input(views), self.classes[rows]


def smooth_targets(classes, smoothing):
    """One-hot targets of which a share is spread over all classes.

    Args:
        classes: Integer class indices, shape `(faces,)`.
        smoothing: The share, 0 to 1.

    Returns:
        float32, shape `(faces, 7)`, rows summing to 1.

    Reference:
        - [Rethinking the Inception Architecture](https://arxiv.org/abs/1512.00567), Szegedy et
          al., 2015
    """
    count = len(CLASSES)
    return np.eye(count, dtype="float32")[classes] * (1 - smoothing) + np.float32(smoothing / count)


def train_recipe(faces, targets, held_out, settings, precision, callbacks=()):
    """Trains for a fixed number of epochs and returns the averaged weights.

    The last epoch is used, since the learning rate ends at 0 and the weights are a running average.

    Args:
        faces: `Faces` to train on.
        targets: float32, shape `(faces, 7)`.
        held_out: `Faces` that are scored after each epoch, for the history, and never trained on.
        settings, precision: A recipe's section of params.yaml, and the dtype policy in force.
        callbacks: Further Keras callbacks, which must not change the training.

    Returns:
        `RecipeTraining`.
    """
    fused = keras.backend.backend() == "tensorflow"
    keras.utils.set_random_seed(settings["seed"])
    if fused:
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    batches = RecipeBatches(faces.images, targets, settings)
    model = build_residual(settings, len(CLASSES), settings["seed"], fused)
    optimizer = make_optimizer(settings, len(batches))
    accuracy = keras.metrics.CategoricalAccuracy("accuracy")
    model.compile(optimizer, loss="categorical_crossentropy", metrics=[accuracy])
    # Built now, like the metric, because a first step that creates variables is traced twice.
    optimizer.build(model.trainable_variables)
    key = run_key({"recipe": settings}, faces.images, targets, held_out.images)
    checkpoint = ResumeCheckpoint(checkpoint_root() / key, (), batches)
    feeding, held_out_pairs = feed_parts(batches, held_out, settings, fused)
    model.fit(
        feeding,
        epochs=settings["epochs"],
        initial_epoch=checkpoint.peek(),
        validation_data=held_out_pairs,
        shuffle=False,
        callbacks=[keras.callbacks.SwapEMAWeights(), RateLog(), *callbacks, checkpoint],
        verbose=2,
    )
    history = pd.DataFrame(checkpoint.history)
    history.insert(0, "epoch", np.arange(1, len(history) + 1))
    return RecipeTraining(in_float32(model, settings), history, precision, checkpoint)


def feed_parts(batches, held_out, settings, fused):
    """Keras' training data and validation data (the middle windows of the held-out faces).

    Args:
        batches, held_out, settings: As in `train_recipe`.
        fused: Whether TensorFlow trains, through its own pipeline.
    """
    window = views_of(held_out.images, settings["crop_size"], "centre")[0]
    pairs = to_input(window), smooth_targets(held_out.classes, 0)
    if not fused:
        return batches, pairs
    from ferd.training.core.feeding import feed, feed_arrays

    return feed(batches), feed_arrays(pairs, 256)


def make_optimizer(settings, steps):
    """SGD with Nesterov momentum, cosine after a linear warm-up, averaged weights.

    Args:
        settings: Dict of `learning_rate`, `weight_decay`, `average` (share of the averaged weights
            kept at each step), `epochs` and `warmup_epochs`.
        steps: Batches per epoch.
    """
    warmup = settings["warmup_epochs"] * steps
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else settings["learning_rate"],
        decay_steps=max(1, settings["epochs"] * steps - warmup),
        warmup_target=settings["learning_rate"] if warmup else None,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.SGD(
        rate,
        momentum=0.9,
        nesterov=True,
        weight_decay=settings["weight_decay"],
        use_ema=True,
        ema_momentum=settings["average"],
    )
    # Scales of normalizations and biases are not decayed, as is usual.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


class RateLog(keras.callbacks.Callback):
    """Adds the learning rate at each epoch's end to the logs."""

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = float(np.array(self.model.optimizer.learning_rate))


def in_float32(model, settings):
    """The same weights in a float32 network with Keras' own batch norm, which loads anywhere."""
    keras.mixed_precision.set_dtype_policy("float32")
    plain = build_residual(settings, len(CLASSES), settings["seed"])
    plain.set_weights(model.get_weights())
    return plain


def predict_views(model, images, settings, views):
    """Mean probabilities over windows of each face: test-time augmentation.

    Args:
        model: A trained network.
        images: As in `ferd.training.recipes.augment.views_of`.
        settings: Dict of `crop_size`.
        views: As in `ferd.training.recipes.augment.views_of`.

    Returns:
        float32, shape `(faces, 7)`.
    """
    windows = views_of(images, settings["crop_size"], views)
    answers = [model.predict(to_input(one), batch_size=256, verbose=0) for one in windows]
    return np.mean(answers, axis=0)
