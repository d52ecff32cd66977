"""ferd.training.jax.state: a saved state loads unchanged; averages are in the weights' order."""

import os

import keras
import numpy as np
import pytest

from ferd.networks.residual import build_residual
from ferd.training.jax.state import (
    assign,
    averaged,
    in_policy,
    initial_state,
    load,
    save,
    variables,
)

pytestmark = pytest.mark.slow

SIZES = {
    **{"crop_size": 8, "stem": 4, "stem_stride": 1, "widths": [4], "blocks": [1]},
    **{"squeeze_excitation": 0.0, "batch_norm_momentum": 0.9, "dropout_rate": 0.1},
}


def test_a_saved_state_is_loaded_with_its_history_and_another_is_left_alone(tmp_path):
    state = ([np.ones((2, 3))], [np.arange(4)], [np.zeros(()), np.full(2, 7.0)])
    empty = tuple([np.zeros_like(array) for array in part] for part in state)
    assert load(tmp_path / "a.npz", empty) == (empty, [])
    save(tmp_path / "a.npz", state, [{"epoch": 1}])
    found, rows = load(tmp_path / "a.npz", empty)
    assert rows == [{"epoch": 1}]
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
    for part, wanted in zip(found, state, strict=True):
        for array, other in zip(part, wanted, strict=True):
            np.testing.assert_array_equal(array, other)


def test_two_processes_of_one_run_write_files_of_their_own(tmp_path, monkeypatch):
    written, savez = [], np.savez
    monkeypatch.setattr(
        np, "savez", lambda path, **a: (written.append(path.name), savez(path, **a))
    )
    for process in (11, 12):
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        save(tmp_path / "a.npz", ([np.ones(2)],), [])
    assert written == ["a.11.partial.npz", "a.12.partial.npz"]


def test_averages_are_found_among_the_optimizers_variables_in_the_weights_order():
    model = build_residual(SIZES)
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True)
    optimizer.build(model.trainable_variables)
    for number, average in enumerate(optimizer._model_variables_moving_average):
        average.assign(np.full(average.shape, number, "float32"))
    found = averaged(optimizer, initial_state(model, optimizer))
    shapes = [tuple(variable.shape) for variable in model.trainable_variables]
    assert [np.shape(array) for array in found] == shapes
    assert [np.mean(array) for array in found] == list(range(len(found)))


def test_arrays_put_into_a_network_are_the_ones_it_has():
    first, second = build_residual(SIZES, seed=1), build_residual(SIZES, seed=2)
    assign(second, *([np.array(array) for array in part] for part in variables(first)))
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_teacher_computes_as_the_policy_says_but_for_its_softmax():
    model = build_residual(SIZES)
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        taught = in_policy(model)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    assert {layer.compute_dtype for layer in taught.layers[:-1]} == {"bfloat16"}
    assert taught.layers[-1].compute_dtype == "float32"
