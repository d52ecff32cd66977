"""ferd.scoring.grad_cam: maps follow the network's own arithmetic."""

import numpy as np
import pytest

from ferd.networks.paper.paper_cnn import build_network
from ferd.scoring.grad_cam import TRAINED_LAYERS, attention_maps, randomized

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 16, 16), dtype=np.uint8)


@pytest.fixture(scope="module")
def model():
    return build_network(size=16, seed=1)


def test_a_map_has_the_last_convolutions_side_and_does_not_depend_on_the_batch(model):
    maps = attention_maps(model, IMAGES, [0, 3, 6], 3)
    assert maps.shape == (3, 2, 2) and np.ptp(maps) > 0
    assert attention_maps(model, IMAGES, [0, 3, 6], 2) == pytest.approx(maps, abs=1e-6)


def test_maps_of_two_classes_differ(model):
    first, second = (attention_maps(model, IMAGES, [number] * 3, 3) for number in (0, 1))
    assert not np.allclose(first, second)


def test_a_logit_that_rests_on_no_map_gives_a_map_of_zeros(model):
    layer = model.get_layer("emotion")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * (np.arange(7) != 2), bias])
    try:
        assert not attention_maps(model, IMAGES, [2, 2, 2], 3).any()
        assert attention_maps(model, IMAGES, [1, 1, 1], 3).any()
    finally:
        layer.set_weights([kernel, bias])


def test_weights_are_taken_away_one_layer_after_the_other_until_all_are_fresh():
    model, fresh = build_network(size=16, seed=1), build_network(size=16, seed=2)
    for count, (name, changed) in enumerate(randomized(model, fresh), 1):
        assert name == TRAINED_LAYERS[count - 1]
        gone = [
            (changed.get_layer(layer).kernel.numpy() == fresh.get_layer(layer).kernel.numpy()).all()
            for layer in TRAINED_LAYERS
        ]
        assert gone == [True] * count + [False] * (len(TRAINED_LAYERS) - count)
    named = {layer.name for layer in model.layers if hasattr(layer, "kernel")}
    assert named == set(TRAINED_LAYERS)
