"""Knowledge distillation: trained networks of the benchmark teach another one.

Reference:
    - [Distilling the Knowledge in a Neural Network](https://arxiv.org/abs/1503.02531), Hinton,
      Vinyals and Dean, 2015
"""

from pathlib import Path

import keras
import numpy as np

TEACHER = "data/benchmark_ferplus/{seed}/model.keras"
SEEDS = (2024, 2025, 2026)


class Teacher:
    """The mean prediction of several networks, mixed into the targets.

    Args:
        networks: Trained networks of one input shape, eight outputs each.
        distillation: The share of the networks' mean prediction in a target, 0 to 1.
    """

    def __init__(self, networks, distillation):
        self.networks, self.distillation = networks, np.float32(distillation)

    def arrays(self):
        """All that determines the predictions, so that no run uses another teacher's checkpoint."""
        weights = [array for network in self.networks for array in network.get_weights()]
        return [np.array([self.distillation]), *weights]

    def teach(self, inputs, targets):
        """The targets of a batch.

        Args:
            inputs: Augmented faces, float32, shape `(faces, size, size, 1)`.
            targets: float32, shape `(faces, 8)`.

        Returns:
            float32, shape `(faces, 8)`.
        """
        predicted = np.mean([one.predict_on_batch(inputs) for one in self.networks], axis=0)
        return (1 - self.distillation) * targets + self.distillation * predicted


def load_teacher(settings):
    """The teacher of a recipe.

    Args:
        settings: May have `distillation`; 0 and none stand for no teacher.

    Returns:
        `Teacher` of the three networks of benchmark_ferplus, or None.

    Raises:
        SystemExit: If one of them is missing.
    """
    share = settings.get("distillation", 0.0)
    if not share:
        return None
    paths = [Path(TEACHER.format(seed=seed)) for seed in SEEDS]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise SystemExit(f"distillation: no {missing[0]}; dvc repro benchmark_ferplus trains it")
    return Teacher([keras.models.load_model(path, compile=False) for path in paths], share)
