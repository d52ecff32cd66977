"""Trains a recipe on one GPU with Keras on JAX; each epoch is a single program on the device.

The faces stay on the device, where each batch is drawn, augmented and trained on without the host.
Unlike in `ferd.training.recipes.train_recipe`, an epoch leaves out the faces that fill no whole
batch, different ones each time. Two runs on a GPU are not bit-identical, because its convolutions
add in no fixed order.
"""

import json
import time

import jax
import jax.numpy as jnp
import keras
import pandas as pd

from ferd.classes import CLASSES
from ferd.networks.residual import build_residual
from ferd.training.core.resume import checkpoint_root, run_key
from ferd.training.jax.epoch import make_epoch, make_look
from ferd.training.jax.state import (
    assign,
    averaged,
    in_policy,
    initial_state,
    load,
    save,
    variables,
)
from ferd.training.recipes.train_recipe import in_float32, make_optimizer

# Seconds between two checkpoints: an epoch takes about one.
SAVE_EVERY = 60


def choose_precision(wish):
    """Sets Keras' dtype policy and returns its name.

    Args:
        wish: "float32", "bfloat16", or "auto": bfloat16 on a GPU, float32 on a CPU.
    """
    fast = wish == "bfloat16" or (wish == "auto" and jax.default_backend() != "cpu")
    policy = "mixed_bfloat16" if fast else "float32"
    keras.mixed_precision.set_dtype_policy(policy)
    return policy


def train_on_device(faces, targets, held_out, settings, teacher=None):
    """Trains for a fixed number of epochs and returns the averaged weights.

    Args:
        faces, targets, held_out: As in `ferd.training.recipes.train_recipe.train_recipe`.
        settings: A recipe's section of params.yaml.
        teacher: `ferd.training.jax.teacher.Teacher`, or None to train on the targets alone.

    Returns:
        Pair of the network (float32, of averaged weights) and the history: a DataFrame of epoch,
        accuracy, loss, val_accuracy, val_loss, and seconds since training began.

    Raises:
        SystemExit: If there are fewer faces than one batch.
    """
    if len(faces) < settings["batch_size"]:
        raise SystemExit("batch_size: more than there are faces to train on")
    keras.utils.set_random_seed(settings["seed"])
    model = build_residual(settings, len(CLASSES), settings["seed"])
    optimizer = make_optimizer(settings, len(faces) // settings["batch_size"])
    optimizer.build(model.trainable_variables)
    networks = [] if teacher is None else [in_policy(one) for one in teacher.networks]
    share = 0.0 if teacher is None else float(teacher.share)
    taught = [] if teacher is None else teacher.arrays()
    key = run_key({"jax": settings}, faces.images, targets, *taught)
    state, rows = run_epochs(
        make_epoch(model, optimizer, settings, networks, share),
        (jnp.asarray(faces.images), jnp.asarray(targets)),
        [variables(network) for network in networks],
        looking(model, optimizer, held_out, settings),
        initial_state(model, optimizer),
        settings,
        checkpoint_root() / f"{key}.npz",
    )
    assign(model, averaged(optimizer, state), state[1])
    return in_float32(model, settings), pd.DataFrame(rows).astype({"epoch": int})


def looking(model, optimizer, held_out, settings):
    """`look(state)`: the scores of the averaged weights on held-out faces."""
    look = make_look(model, held_out, settings)
    return lambda state: look(averaged(optimizer, state), state[1])


def run_epochs(learn, data, teachers, look, state, settings, path):
    """Trains all epochs, from the last saved state of a killed run on.

    Args:
        learn: Of `make_epoch`.
        data: Pair of images and targets, on the device.
        teachers: The `variables` of each teacher.
        look: `look(state)` returns a dict of numbers.
        state: The first one.
        settings: Dict of `seed` and `epochs`.
        path: File for the state between epochs.

    Returns:
        The last state and a list of dicts, one per epoch.
    """
    state, rows = load(path, state)
    saved = time.perf_counter()
    start = saved - (rows[-1]["seconds"] if rows else 0)
    for epoch in range(len(rows), settings["epochs"]):
        key = jax.random.fold_in(jax.random.key(settings["seed"]), epoch)
        state, means = learn(state, data, teachers, key)
        row = {"epoch": epoch + 1, **means, **look(state)}
        rows.append({name: float(value) for name, value in row.items()})
        rows[-1]["seconds"] = round(time.perf_counter() - start, 2)
        print(json.dumps(rows[-1]), flush=True)
        if time.perf_counter() - saved > SAVE_EVERY:
            save(path, state, rows)
            saved = time.perf_counter()
    path.unlink(missing_ok=True)
    return state, rows
