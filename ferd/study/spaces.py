"""The values that a sweep tries, by section of params.yaml: `python -m ferd.cluster.sweep`.

Only sections whose run predicts validation faces and no test face are here.
"""

from typing import NamedTuple


class Between(NamedTuple):
    """Numbers between two bounds.

    Args:
        low, high: Both are tried too.
        log: Whether values are drawn evenly on a logarithmic scale.
    """

    low: float
    high: float
    log: bool = False


class OneOf(NamedTuple):
    """One of some values.

    Args:
        values: Tuple of strings, numbers or bools.
    """

    values: tuple


class Sweep(NamedTuple):
    """What a sweep varies and runs.

    Args:
        space: Dict of key of the section to `Between` or `OneOf`.
        stages: The stages of a trial: the training, then the one that scores its validation faces.
        score: File and key of the score that is to be as high as possible.
    """

    space: dict
    stages: tuple
    score: tuple


SWEEPS = {
    "search": Sweep(
        {
            "learning_rate": Between(0.02, 0.5, log=True),
            "weight_decay": Between(0.0005, 0.02, log=True),
            "dropout_rate": Between(0.0, 0.5),
            "label_smoothing": Between(0.0, 0.2),
            "erasing": Between(0.0, 0.5),
            "zoom": Between(0.0, 0.25),
            "rotation_degrees": Between(0.0, 25.0),
            "batch_size": OneOf((64, 128, 256)),
        },
        ("recipe@search", "score_recipe@search"),
        ("metrics/search/2024.json", "validation_accuracy"),
    ),
}
