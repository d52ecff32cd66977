"""The values that a sweep tries, by section of params.yaml: `python -m ferd.cluster.sweep`.

Only sections whose run predicts validation faces and no test face are here.
"""

from typing import NamedTuple


class Between(NamedTuple):
    """Numbers between two bounds.

    Args:
        low, high: The range includes both.
        log: Whether values are drawn evenly on a logarithmic scale.
        whole: Whether they are whole numbers.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False


class OneOf(NamedTuple):
    """One of some values.

    Args:
        values: Tuple of strings, numbers, bools, or lists of these.
    """

    values: tuple


class Sweep(NamedTuple):
    """What a sweep varies and runs.

    Args:
        space: Dict of key of the section to `Between` or `OneOf`.
        stages: The stages of a trial: the training, then the one that scores its validation faces.
        score: File and key of the score that is to be as high as possible.
        watched: Decides after some epochs whether a trial ends early: val_loss or val_accuracy.
    """

    space: dict
    stages: tuple
    score: tuple
    watched: str


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
        "val_loss",
    ),
    # The paper gives the dropout rates, the L2 penalty and the schedule. It uses class weights and
    # does not say which. It gives none of the other values.
    "train_search": Sweep(
        {
            "learning_rate": Between(0.0002, 0.005, log=True),
            "schedule": OneOf(("plateau", "cosine", "constant")),
            "class_weights": OneOf(("none", "sqrt", "balanced")),
            "l2": Between(0.00001, 0.001, log=True),
            "batch_size": OneOf((32, 64, 128)),
            "rotation_degrees": Between(0.0, 20.0),
            "block_dropout": OneOf(
                (
                    [0.25, 0.3, 0.35, 0.4],
                    [0.15, 0.2, 0.25, 0.3],
                    [0.05, 0.1, 0.15, 0.2],
                )
            ),
            "dense_dropout": OneOf(([0.6, 0.5], [0.4, 0.3], [0.2, 0.1])),
        },
        ("variant@train_search", "score@train_search"),
        ("metrics/train_search.json", "validation_accuracy"),
        # Losses are not comparable between trials: they include the L2 penalty and class weights.
        "val_accuracy",
    ),
}
