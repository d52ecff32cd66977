"""Networks that teach another one: their answers become part of what it is trained on.

Reference:
    - Distilling the Knowledge in a Neural Network (https://arxiv.org/abs/1503.02531), Hinton,
      Vinyals and Dean, 2015
    - Knowledge Distillation: A Good Teacher is Patient and Consistent
      (https://arxiv.org/abs/2106.05237), Beyer et al., 2022: the teacher looks at the very view
      of the face that the student is given
"""

from pathlib import Path

import keras
import numpy as np

FOLDER = "data/benchmark_fer2013"


class Teacher:
    """The mean answer of some networks, blended into the targets of a batch.

    Args:
        networks: `keras.Model`s that take the student's input and give probabilities.
        share: Weight of their answer, 0 to 1; the targets keep the rest.
    """

    def __init__(self, networks, share):
        self.networks, self.share = networks, np.float32(share)

    def blend(self, views, targets):
        """Targets with the networks' answers to these very views blended in.

        Args:
            views: float32, shape `(faces, size, size, 1)`, as the student sees them.
            targets: float32, shape `(faces, 7)`, rows summing to 1.

        Returns:
            float32, shape `(faces, 7)`, rows summing to 1.
        """
        answers = np.mean([one.predict_on_batch(views) for one in self.networks], axis=0)
        return (1 - self.share) * targets + self.share * answers

    def arrays(self):
        """What decides the answers, so that no run takes up the checkpoint of another teacher."""
        weights = [array for one in self.networks for array in one.get_weights()]
        return [np.array([self.share]), *weights]


def load_teacher(settings, folder=FOLDER):
    """The networks of every seed in a folder, unless the share is 0.

    Args:
        settings: Dict of `distillation` (the share), `split` and `crop_size`.
        folder: Holds `<seed>/model.keras`.

    Returns:
        `Teacher`, or None.

    Raises:
        SystemExit: If there is no network, one takes other windows, or the split is not the one
            they were trained on: they would have seen faces that are held out.
    """
    if not settings["distillation"]:
        return None
    if settings["split"] != "official":
        raise SystemExit(f"distillation: the networks of {folder} are of split: official")
    paths = sorted(Path(folder).glob("*/model.keras"))
    networks = [keras.models.load_model(path, compile=False) for path in paths]
    if not networks:
        raise SystemExit(f"distillation: no network in {folder}, run dvc repro benchmark_fer2013")
    sides = sorted({network.input.shape[1] for network in networks})
    if sides != [settings["crop_size"]]:
        raise SystemExit(f"distillation: {folder} takes windows of {sides}, not crop_size")
    return Teacher(networks, settings["distillation"])
