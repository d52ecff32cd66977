"""Knowledge distillation: the predictions of teacher networks become part of the targets.

Reference:
    - Distilling the Knowledge in a Neural Network (https://arxiv.org/abs/1503.02531), Hinton,
      Vinyals and Dean, 2015
    - Knowledge Distillation: A Good Teacher is Patient and Consistent
      (https://arxiv.org/abs/2106.05237), Beyer et al., 2022: the teacher gets the same augmented
      face as the student
    - Born-Again Neural Networks (https://arxiv.org/abs/1805.04770), Furlanello et al., 2018: a
      teacher of the student's own size
"""

from pathlib import Path

import keras
import numpy as np


class Teacher:
    """Networks whose mean prediction is blended into the targets (`ferd.training.jax.epoch.teach`).

    Args:
        networks: `keras.Model`s that take the student's input and give probabilities.
        share: Weight of their prediction, 0 to 1; the targets have the rest.
    """

    def __init__(self, networks, share):
        self.networks, self.share = networks, np.float32(share)

    def arrays(self):
        """All that determines the predictions, so that no run uses another teacher's checkpoint."""
        weights = [array for one in self.networks for array in one.get_weights()]
        return [np.array([self.share]), *weights]


def load_teacher(settings, root="data"):
    """Loads the networks of every seed of a stage.

    Args:
        settings: Dict of `distillation` (the share), `teacher` (the stage), `split` and
            `crop_size`. A recipe without a teacher has neither of the first two.
        root: Holds `<stage>/<seed>/model.keras`.

    Returns:
        `Teacher`, or None if there is no share or it is 0.

    Raises:
        SystemExit: If there is no network, if one has another window size, or if they were trained
            on another split and so on faces that are held out here.
    """
    share = settings.get("distillation", 0.0)
    if not share:
        return None
    stage = settings["teacher"]
    if settings["split"] != "official":
        raise SystemExit(f"distillation: the networks of {stage} are of split: official")
    paths = sorted(Path(root, stage).glob("*/model.keras"))
    networks = [keras.models.load_model(path, compile=False) for path in paths]
    if not networks:
        raise SystemExit(f"distillation: no network of {stage}; make gpu trains it")
    sides = sorted({network.input.shape[1] for network in networks})
    if sides != [settings["crop_size"]]:
        raise SystemExit(f"distillation: {stage} takes windows of {sides}, not crop_size")
    return Teacher(networks, share)
