"""Table I's network for small faces, untrained, for tests of the export."""

import numpy as np

from ferd.networks.paper.paper_cnn import build_network

# Its four poolings leave 2x2 positions, so a network that mixes up channels and positions before
# the first dense layer predicts differently.
SIZE = 32


def small_network(seed=0):
    """The network with running means and variances as of some training, not 0 and 1."""
    model = build_network(size=SIZE, seed=seed)
    generator = np.random.default_rng(seed)
    for layer in model.layers:
        if "_norm_" in layer.name:
            gamma, beta, mean, variance = layer.get_weights()
            shift = generator.normal(0, 0.3, (3, len(gamma)))
            layer.set_weights([gamma + shift[0], beta + shift[1], mean + shift[2], variance * 0.7])
    return model


def small_images(count=9, seed=5):
    """uint8 faces of random pixels, shape `(count, 32, 32)`."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (count, SIZE, SIZE), dtype=np.uint8)
