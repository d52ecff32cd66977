"""Networks that teach another one: their answers become part of what it is trained on.

Reference:
    - Distilling the Knowledge in a Neural Network (https://arxiv.org/abs/1503.02531), Hinton,
      Vinyals and Dean, 2015
    - Knowledge Distillation: A Good Teacher is Patient and Consistent
      (https://arxiv.org/abs/2106.05237), Beyer et al., 2022: the teacher looks at the very view
      of the face that the student is given
    - Born-Again Neural Networks (https://arxiv.org/abs/1805.04770), Furlanello et al., 2018: a
      teacher of the student's own size
"""

from pathlib import Path

import keras
import numpy as np


class Teacher:
    """The mean answer of some networks, blended into the targets of a batch.

    Args:
        networks: `keras.Model`s that take the student's input and give probabilities.
        share: Weight of their answer, 0 to 1; the targets keep the rest.
    """

    def __init__(self, networks, share):
        self.networks, self.share = networks, np.float32(share)

    def blend(self, views, targets):
        """Targets with the networks' answers to these views and their mirror images blended in.

        Training mirrors half of the faces, so a view and its mirror image are as good as each
        other; the mean of both answers is a better one, for twice the teacher's work.

        Args:
            views: float32, shape `(faces, size, size, 1)`, as the student sees them.
            targets: float32, shape `(faces, 7)`, rows summing to 1.

        Returns:
            float32, shape `(faces, 7)`, rows summing to 1.
        """
        both = np.concatenate([views, views[:, :, ::-1]])
        answers = np.mean([one.predict_on_batch(both) for one in self.networks], axis=0)
        answers = answers.reshape(2, *targets.shape).mean(axis=0)
        return (1 - self.share) * targets + self.share * answers

    def arrays(self):
        """What decides the answers, so that no run takes up the checkpoint of another teacher."""
        weights = [array for one in self.networks for array in one.get_weights()]
        return [np.array([self.share]), *weights]


def load_teacher(settings, root="data"):
    """The networks of every seed of a stage, unless the share is 0.

    Args:
        settings: Dict of `distillation` (the share), `teacher` (the stage), `split` and
            `crop_size`.
        root: Holds `<stage>/<seed>/model.keras`.

    Returns:
        `Teacher`, or None.

    Raises:
        SystemExit: If there is no network, one takes other windows, or the split is not the one
            they were trained on: they would have seen faces that are held out.
    """
    if not settings["distillation"]:
        return None
    stage = settings["teacher"]
    if settings["split"] != "official":
        raise SystemExit(f"distillation: the networks of {stage} are of split: official")
    paths = sorted(Path(root, stage).glob("*/model.keras"))
    networks = [keras.models.load_model(path, compile=False) for path in paths]
    if not networks:
        raise SystemExit(f"distillation: no network of {stage}, run dvc repro {stage}")
    sides = sorted({network.input.shape[1] for network in networks})
    if sides != [settings["crop_size"]]:
        raise SystemExit(f"distillation: {stage} takes windows of {sides}, not crop_size")
    return Teacher(networks, settings["distillation"])
