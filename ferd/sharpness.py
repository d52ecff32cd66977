"""Sharpness-aware training: the gradient where the loss is highest nearby, not where one stands.

Such a step leads to weights around which the loss stays low, which faces learned by heart one at a
time do not give; it is known to hold up where labels are wrong. It costs a second pass.
"""

import keras
import tensorflow as tf


class SharpnessAware(keras.Model):
    """A network whose training step is sharpness-aware minimization while `active`.

    Loss and accuracy shown are of the weights themselves, and so are the running means of batch
    norm: the pass at the worse weights leaves neither behind, nor any other state.

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
        """From the next step on: compiles the training step anew."""
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
        # Put back as they were, not stepped back: a sum and its difference round apart.
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
    """Makes a `SharpnessAware` network so from an epoch on, of a resumed run too.

    Args:
        epoch: The first such epoch, counted from 0.
    """

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch >= self.epoch and not self.model.active:
            self.model.activate()
