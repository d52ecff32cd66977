"""The state of a training on JAX: a tuple of arrays that one program maps to the next state.

It contains the trained weights, the network's other variables (running means, dropout seeds) and
the optimizer's variables, each a list in Keras' order.
"""

import json
import os

import jax
import jax.numpy as jnp
import keras
import numpy as np


def variables(model):
    """The variables of a network as two lists of arrays: trained ones and all others."""
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
        optimizer: A Keras optimizer with running averages (`use_ema`).
        state: State of a network that it trains.
    """
    paths = [variable.path for variable in optimizer.variables]
    # Keras has no public name for them; its own callback SwapEMAWeights reads this one too.
    wanted = [variable.path for variable in optimizer._model_variables_moving_average]
    return [state[2][paths.index(path)] for path in wanted]


def assign(model, weights, others):
    """Assigns arrays, in the order of `variables`, to a network."""
    pairs = (model.trainable_variables, weights), (model.non_trainable_variables, others)
    for places, arrays in pairs:
        for variable, array in zip(places, arrays, strict=True):
            variable.assign(array)


def in_policy(network):
    """Sets a network's layers to the dtype policy in force; its softmax stays float32."""
    for layer in network.layers[:-1]:
        layer.dtype_policy = keras.mixed_precision.dtype_policy()
    return network


def save(path, state, rows):
    """Saves a state, from which a killed run can resume.

    Args:
        path: A name ending in .npz.
        state: As above.
        rows: The history so far, JSON-able.
    """
    arrays = {f"leaf_{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may save the same run at once.
    partial = path.with_suffix(f".{os.getpid()}.partial.npz")
    np.savez(partial, rows=json.dumps(rows), **arrays)
    os.replace(partial, path)


def load(path, state):
    """The saved state and history; if there is none, the given state and no history."""
    if not path.exists():
        return state, []
    leaves, shape = jax.tree.flatten(state)
    with np.load(path) as kept:
        found = [jnp.asarray(kept[f"leaf_{i}"]) for i in range(len(leaves))]
        return jax.tree.unflatten(shape, found), json.loads(str(kept["rows"]))


class Predictor:
    """A network whose `predict` is one program for full batches; the last batch is filled up.

    Keras compiles a second program for the smaller last batch, which takes longer than predicting.

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
