"""Makes seeded batches that depend only on the epoch's number, so that a run can resume."""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    """Shuffled, augmented batches of faces.

    The order and the augmentation of a batch are drawn from `(seed, epoch, batch)`, not from a
    running state, so epoch 30 of a resumed run has the same batches as in an uninterrupted one.

    Args:
        images: uint8, shape `(faces, size, size)`.
        classes: Integer class indices, shape `(faces,)`.
        batch_size: Faces a batch; the last batch of an epoch may be smaller.
        seed: Seeds order and augmentation.
        augment: `augment(images, classes, generator)` returns images of the same shape.
        class_weights: Weight per class, shape `(classes,)`; None weighs all faces alike.
        epoch: Number of the first epoch, counted from 0.
    """

    def __init__(self, images, classes, batch_size, seed, augment, class_weights=None, epoch=0):
        super().__init__(workers=1)
        self.images, self.classes = images, classes
        self.batch_size, self.seed, self.epoch = batch_size, seed, epoch
        self.augment, self.class_weights = augment, class_weights
        self.order = self._draw_order()

    def __len__(self):
        return -(-len(self.classes) // self.batch_size)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        generator = np.random.default_rng((self.seed, self.epoch, index))
        images, classes = self.images[rows], self.classes[rows]
        batch = to_input(self.augment(images, classes, generator)), classes
        return batch if self.class_weights is None else (*batch, self.class_weights[classes])

    def start_epoch(self, epoch):
        """Sets the epoch, counted from 0. Must be called before each epoch's first batch.

        `PyDataset.on_epoch_end` is not used: Keras also calls it when it builds the network.
        """
        self.epoch = epoch
        self.order = self._draw_order()

    def _draw_order(self):
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.classes))


def to_input(images):
    """Gray levels as the network's input.

    Args:
        images: uint8, shape `(faces, size, size)`.

    Returns:
        float32 in [0, 1], shape `(faces, size, size, 1)`.
    """
    return images[..., np.newaxis].astype("float32") / 255


def weigh_classes(classes, count, rule):
    """Class weights by a rule.

    Args:
        classes: Integer class indices, shape `(faces,)`.
        count: Number of classes.
        rule: "none"; "balanced" (faces / (classes x faces of the class), scikit-learn's and the
            paper's); "sqrt" (the square root of that, scaled so that the mean face weighs 1).

    Returns:
        float32, shape `(count,)`, or None for "none".

    Raises:
        SystemExit: If a class has no face.
    """
    if rule == "none":
        return None
    faces = np.bincount(classes, minlength=count)
    if faces.min() == 0:
        raise SystemExit("class weights need a training face of every class")
    weights = len(classes) / (count * faces)
    if rule == "sqrt":
        weights = np.sqrt(weights)
        weights /= np.average(weights, weights=faces)
    return weights.astype("float32")
