"""ferd.networks.paper.dropout: drops the given share, keeps the mean, and survives saving."""

import keras
import numpy as np
import pytest

from ferd.networks.paper.dropout import ByteDropout

ONES = np.ones((64, 10, 10, 7), "float32")


@pytest.mark.parametrize("rate", [0.25, 0.3, 0.6])
def test_dropped_share_is_the_rate_and_the_mean_stays(rate):
    output = np.array(ByteDropout(rate, seed=1)(ONES, training=True))
    assert np.mean(output == 0) == pytest.approx(round(rate * 256) / 256, abs=0.01)
    assert output.mean() == pytest.approx(1, abs=0.02)
    assert len(np.unique(output)) == 2


def test_inference_and_rate_zero_leave_values_alone():
    assert np.array_equal(ByteDropout(0.5)(ONES, training=False), ONES)
    assert np.array_equal(ByteDropout(0.0)(ONES, training=True), ONES)


def test_same_seed_gives_the_same_noise_and_each_call_another():
    one, two = ByteDropout(0.5, seed=3), ByteDropout(0.5, seed=3)
    first = np.array(one(ONES, training=True))
    assert np.array_equal(first, two(ONES, training=True))
    assert not np.array_equal(first, one(ONES, training=True))


def test_neighbouring_values_are_dropped_independently():
    """Four values share a random word; none may tell another's fate."""
    flat = np.array(ByteDropout(0.5, seed=5)(np.ones((40000,), "float32"), training=True)) == 0
    groups = flat.reshape(-1, 4).astype(float)
    correlation = np.corrcoef(groups.T)
    assert np.abs(correlation - np.eye(4)).max() < 0.05


def test_size_need_not_be_a_multiple_of_four():
    assert ByteDropout(0.5, seed=1)(np.ones((3, 3), "float32"), training=True).shape == (3, 3)


def test_bfloat16_stays_bfloat16():
    layer = ByteDropout(0.5, dtype="mixed_bfloat16")
    assert keras.backend.standardize_dtype(layer(ONES, training=True).dtype) == "bfloat16"


def test_config_round_trip_and_state_is_a_variable():
    layer = ByteDropout.from_config(ByteDropout(0.3, seed=9).get_config())
    assert (layer.rate, layer.seed) == (0.3, 9)
    assert len(layer.variables) == 1


def test_rate_of_one_is_refused():
    with pytest.raises(ValueError, match="255/256"):
        ByteDropout(1.0)
