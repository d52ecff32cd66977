"""Picks the scores of a network's first seed."""


def first_seed(network):
    """The scores of a network's first seed.

    Args:
        network: An entry of metrics/ with `seeds`, a dict of seed to scores.
    """
    return next(iter(network["seeds"].values()))
