"""Runs a training epoch as one JAX program: order, augmentation, gradients and updates."""

import functools

import jax
import jax.numpy as jnp

from ferd.training.core.batches import to_input
from ferd.training.jax.augment import augment_batch
from ferd.training.recipes.augment import views_of


def make_epoch(model, optimizer, settings, networks=(), share=0.0):
    """Builds the program of an epoch.

    Args:
        model, optimizer: Both built.
        settings: A recipe's section.
        networks: Teachers; their predictions for a face and its mirror image are averaged.
        share: Weight of the teachers' predictions, 0 to 1.

    Returns:
        `learn(state, (images, targets), teachers, key)`, where `teachers` holds the `variables` of
        the networks. It returns the next state and a dict of the epoch's mean `accuracy` and
        `loss`.
    """
    batch = settings["batch_size"]
    gradient = jax.value_and_grad(make_loss(model), has_aux=True)

    def step(state, drawn, images, targets, teachers):
        weights, others, moments = state
        rows, key = drawn
        # The first of two keys: the committed networks were trained with its random numbers.
        views = augment_batch(images[rows], jax.random.split(key)[0], settings)
        wanted = targets[rows]
        if networks:
            wanted = (1 - share) * wanted + share * teach(networks, teachers, views)
        (loss, (others, right)), slopes = gradient(weights, others, views, wanted)
        weights, moments = optimizer.stateless_apply(moments, slopes, weights)
        return (weights, others, moments), (loss, right)

    @functools.partial(jax.jit, donate_argnums=0)
    def learn(state, data, teachers, key):
        images, targets = data
        steps = len(images) // batch
        order = jax.random.permutation(key, len(images))[: steps * batch].reshape(steps, batch)
        keys = jax.random.split(jax.random.fold_in(key, 1), steps)
        one = functools.partial(step, images=images, targets=targets, teachers=teachers)
        state, (loss, right) = jax.lax.scan(one, state, (order, keys))
        return state, {"accuracy": right.mean(), "loss": loss.mean()}

    return learn


def make_loss(model):
    """Builds the loss: cross-entropy with soft targets, with the step's further results."""

    def loss_of(weights, others, views, wanted):
        answers, others = model.stateless_call(weights, others, views, training=True)
        loss = -(wanted * jnp.log(jnp.clip(answers, 1e-7, 1))).sum(axis=1).mean()
        right = (answers.argmax(axis=1) == wanted.argmax(axis=1)).mean()
        return loss, (others, right)

    return loss_of


def teach(networks, teachers, views):
    """Mean probabilities of the teachers for augmented faces and their mirror images.

    Args:
        networks: `keras.Model`s.
        teachers: The `variables` of each.
        views: float32, shape `(faces, side, side, 1)`.

    Returns:
        float32, shape `(faces, classes)`.
    """
    both = jnp.concatenate([views, views[:, :, ::-1]])
    answers = [
        network.stateless_call(*weights, both, training=False)[0]
        for network, weights in zip(networks, teachers, strict=True)
    ]
    mean = sum(answers) / len(answers)
    return mean.reshape(2, len(views), -1).mean(axis=0)


def make_look(model, held_out, settings):
    """Builds the scoring of held-out faces, which are not trained on.

    Args:
        model: A `keras.Model`.
        held_out: `Faces`.
        settings: Dict of `crop_size`.

    Returns:
        `look(weights, others)`: a dict of val_accuracy and val_loss on the middle windows.
    """
    views = jnp.asarray(to_input(views_of(held_out.images, settings["crop_size"], "centre")[0]))
    classes = jnp.asarray(held_out.classes)

    @jax.jit
    def look(weights, others):
        answers = model.stateless_call(weights, others, views, training=False)[0]
        said = jnp.take_along_axis(answers, classes[:, None], axis=1)
        right = (answers.argmax(axis=1) == classes).mean()
        return {"val_accuracy": right, "val_loss": -jnp.log(jnp.clip(said, 1e-7, 1)).mean()}

    return look
