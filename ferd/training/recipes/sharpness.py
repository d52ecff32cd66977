"""Sharpness-aware minimization (SAM): takes the gradient where the loss nearby is highest.

Its steps lead to weights around which the loss stays low, which hinders memorizing single faces. It
is known to help with wrong labels. Each step costs a second pass.
"""

import keras
import tensorflow as tf


class SharpnessAware(keras.Model):
    """A network whose training step is sharpness-aware minimization while `active`.

    The reported loss and accuracy and the running means of batch norm belong to the weights
    themselves: the pass at the shifted weights leaves no state behind.

    Args:
        network: An unbuilt or built functional `keras.Model`; its layers are shared, not copied.
        radius: How far the weights are moved up the gradient, the norm over all weights together
            (rho in the paper; above 0).

    Input shape: The network's.

    Output shape: The network's.

    Reference:
        - [Sharpness-Aware Minimization](https://arxiv.org/abs/2010.01412), Foret et al., 2021
    """

    def __init__(self, network, radius):
        super().__init__(network.input, network.output, name=network.name)
        self.radius, self.active = radius, False

    def activate(self):
        """Turns SAM on from the next step: compiles the training step anew."""
        self.active = True
        self.make_train_function(force=True)

    def train_step(self, data):
        if not self.active:
            return super().train_step(data)
        inputs, targets = data[:2]
        weights = [weight.value for weight in self.trainable_variables]
        gradients, loss, answers = self._gradients(inputs, targets, weights)
        state = [variable.value for variable in self.non_trainable_variables]
        kept = [tf.identity(value) for value in (*weights, *state)]
        scale = self.radius / (tf.linalg.global_norm(gradients) + 1e-12)
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.assign_add(scale * gradient)
        gradients, _, _ = self._gradients(inputs, targets, weights)
        # Restored from a copy: adding and subtracting a step would leave rounding errors.
        for variable, value in zip((*weights, *state), kept, strict=True):
            variable.assign(value)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(targets)[0])
            else:
                metric.update_state(targets, answers)
        return self.get_metrics_result()

    def _gradients(self, inputs, targets, weights):
        with tf.GradientTape() as tape:
            answers = self(inputs, training=True)
            loss = self.compute_loss(inputs, targets, answers)
        return tape.gradient(loss, weights), loss, answers


class SharpnessStart(keras.callbacks.Callback):
    """Activates a `SharpnessAware` network from an epoch on, in a resumed run too.

    Args:
        epoch: The first epoch with SAM, counted from 0.
    """

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch >= self.epoch and not self.model.active:
            self.model.activate()
