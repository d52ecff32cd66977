"""ferd.training.recipes.sharpness: the step is SAM's, changes no other state, and starts at its epoch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ferd.training.recipes.sharpness import SharpnessAware, SharpnessStart

NOISE = np.random.default_rng(5)
FACES = NOISE.random((12, 8, 8, 1), np.float32)
TARGETS = np.eye(7, dtype="float32")[NOISE.integers(7, size=12)]


def compiled(radius=None, active=False):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Dense(8, "tanh")(keras.layers.Flatten()(inputs))
    x = keras.layers.Dropout(0.2, seed=3)(keras.layers.BatchNormalization(momentum=0.8)(x))
    network = keras.Model(inputs, keras.layers.Dense(7, "softmax")(x))
    if radius is not None:
        network = SharpnessAware(network, radius)
        network.active = active
    # Steps of plain descent: what is left of the weights is the gradient.
    network.compile(keras.optimizers.SGD(1.0), "categorical_crossentropy", metrics=["accuracy"])
    return network


def step(network):
    return network.train_on_batch(FACES, TARGETS, return_dict=True)


def trained(network):
    return [weight.numpy() for weight in network.trainable_variables]


def test_before_it_is_activated_a_step_is_keras_own():
    plain, aware = compiled(), compiled(0.5)
    assert step(plain) == step(aware)
    for one, other in zip(plain.get_weights(), aware.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_step_takes_the_gradient_at_the_weights_moved_by_the_radius_up_the_gradient():
    network, radius = compiled(0.3, True), 0.3
    start = trained(network)
    state = [variable.numpy() for variable in network.non_trainable_variables]

    def gradients():
        with tf.GradientTape() as tape:
            answers = network(FACES, training=True)
            loss = keras.losses.CategoricalCrossentropy()(TARGETS, answers)
        return tape.gradient(loss, [weight.value for weight in network.trainable_variables])

    first = gradients()
    norm = np.sqrt(sum(np.sum(np.square(gradient)) for gradient in first))
    for weight, gradient in zip(network.trainable_variables, first, strict=True):
        weight.assign_add(radius * gradient / norm)
    expected = [now - one for now, one in zip(start, gradients(), strict=True)]
    for weight, value in zip(network.trainable_variables, start, strict=True):
        weight.assign(value)
    for variable, value in zip(network.non_trainable_variables, state, strict=True):
        variable.assign(value)
    step(network)
    for weight, value in zip(trained(network), expected, strict=True):
        np.testing.assert_allclose(weight, value, rtol=1e-3, atol=1e-4)


def test_scores_and_running_means_are_those_of_the_weights_themselves():
    plain, aware = compiled(), compiled(0.5, True)
    shown, expected = step(aware), step(plain)
    assert {name: float(value) for name, value in shown.items()} == pytest.approx(
        {name: float(value) for name, value in expected.items()}, abs=1e-6
    )
    for one, other in zip(
        plain.non_trainable_variables, aware.non_trainable_variables, strict=True
    ):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-5)
    moved = zip(trained(plain), trained(aware), strict=True)
    assert any((one != other).any() for one, other in moved)


def test_it_starts_at_its_epoch_and_in_a_run_resumed_after_it():
    for first, expected in ((0, [False, False, True, True]), (3, [True])):
        network, seen = compiled(0.1), []

        class Watch(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None, network=network, seen=seen):
                seen.append(network.active)

        network.fit(
            FACES,
            TARGETS,
            epochs=4,
            initial_epoch=first,
            callbacks=[SharpnessStart(2), Watch()],
            verbose=0,
        )
        assert seen == expected


def test_activating_changes_the_compiled_step():
    plain, aware = compiled(0.5), compiled(0.5)
    aware.fit(FACES, TARGETS, batch_size=12, verbose=0, callbacks=[SharpnessStart(0)])
    plain.fit(FACES, TARGETS, batch_size=12, verbose=0)
    moved = zip(trained(plain), trained(aware), strict=True)
    assert any((one != other).any() for one, other in moved)
