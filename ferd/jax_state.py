"""The state of a training on JAX: a tuple of arrays that one program takes and gives the next of.

It holds the trained weights, the network's other variables (running means, seeds of the dropout)
and the optimizer's, each a list in the order of Keras.
"""

import json
import os

import jax
import jax.numpy as jnp
import keras
import numpy as np


def variables(model):
    """The variables of a network as two lists of arrays: trained ones, and all others."""
    return (
        [variable.value for variable in model.trainable_variables],
        [variable.value for variable in model.non_trainable_variables],
    )


def initial_state(model, optimizer):
    """The state before the first step, of a built network and optimizer."""
    return (*variables(model), [variable.value for variable in optimizer.variables])


def averaged(optimizer, state):
    """The running averages of the weights, in the weights' order.

    Args:
        optimizer: A Keras optimizer that keeps them (`use_ema`).
        state: Of a network that it trains.
    """
    paths = [variable.path for variable in optimizer.variables]
    # No public name gives them; Keras' own callback SwapEMAWeights reads this one too.
    wanted = [variable.path for variable in optimizer._model_variables_moving_average]
    return [state[2][paths.index(path)] for path in wanted]


def assign(model, weights, others):
    """Puts arrays, in the order of `variables`, into a network."""
    pairs = (model.trainable_variables, weights), (model.non_trainable_variables, others)
    for places, arrays in pairs:
        for variable, array in zip(places, arrays, strict=True):
            variable.assign(array)


def in_policy(network):
    """The network, from now on computing as the dtype policy says; its softmax stays float32."""
    for layer in network.layers[:-1]:
        layer.dtype_policy = keras.mixed_precision.dtype_policy()
    return network


def save(path, state, rows):
    """Keeps a state for a killed run to go on from.

    Args:
        path: A name ending in .npz.
        state: As above.
        rows: The history so far, JSON-able.
    """
    arrays = {f"leaf_{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, rows=json.dumps(rows), **arrays)
    os.replace(partial, path)


def load(path, state):
    """The kept state and history; without any, the given state and no history."""
    if not path.exists():
        return state, []
    leaves, shape = jax.tree.flatten(state)
    with np.load(path) as kept:
        found = [jnp.asarray(kept[f"leaf_{i}"]) for i in range(len(leaves))]
        return jax.tree.unflatten(shape, found), json.loads(str(kept["rows"]))


class Predictor:
    """A network whose `predict` is one program for whole batches, the last one filled up.

    Keras compiles another one for the last, smaller batch, which takes longer than all predictions.

    Args:
        model: A `keras.Model`.
    """

    def __init__(self, model):
        self.weights = variables(model)
        self.answer = jax.jit(
            lambda weights, views: model.stateless_call(*weights, views, training=False)[0]
        )

    def predict(self, inputs, batch_size=256, verbose=0):
        """As `keras.Model.predict`: probabilities, float32, shape `(faces, classes)`."""
        missing = -len(inputs) % batch_size
        filled = np.concatenate([inputs, np.zeros((missing, *inputs.shape[1:]), inputs.dtype)])
        parts = np.split(filled, len(filled) // batch_size)
        return np.concatenate([self.answer(self.weights, part) for part in parts])[: len(inputs)]
