"""Tests whether the network of ablation_augment takes augmentation artefacts for rare classes.

In its training only faces of rare classes had the strong augmentation. Here that network and the
plain CNN predict the test faces without and with the strong augmentation.

Reads   data/crops.npz, data/train/model.keras, data/ablation_augment/model.keras
Writes  metrics/ablation_augment_look.json: for each network, on test faces `plain` and `strong`,
        accuracy, recall of the rare classes, and the share of other faces predicted as rare
Run     dvc repro ablation_augment_look
        (or, from the top folder: python stages/ablation_augment_look.py)
Takes   under a minute on 2 cores
Expect  the CNN worse on augmented faces of all classes; the other network predicts a rare class
        for most augmented faces
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.differential_params import STRONG_SPECS

SPECS = {
    "seed": params.Spec(int, 0, 2**31 - 1),
    "batch_size": params.Spec(int, 1, 65536),
}
NETWORKS = ("train", "ablation_augment")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("ablation_augment_look", SPECS)
    strong = params.load("ablation_augment", STRONG_SPECS)
    with measure_cost("ablation_augment_look"):
        look(strong=strong, **settings)


def look(seed, batch_size, strong):
    """Writes the metrics; only `rare_classes: 0` if no class or every class is rare."""
    import numpy as np

    from ferd.classes import CLASSES
    from ferd.dataset.parts.faces import load_faces
    from ferd.scoring.generator_look import rare_answers
    from ferd.study.results import write_metrics
    from ferd.training.core import trained
    from ferd.training.paper.differential import rare_classes, strong_augment

    test, share = load_faces("test"), strong.pop("rare_share")
    rare = rare_classes(load_faces("train").classes, len(CLASSES), share)
    metrics = {"rare_classes": int(rare.sum())}
    if rare[test.classes].any() and not rare[test.classes].all():
        changed = strong_augment(test.images, np.random.default_rng(seed), **strong)
        for stage in NETWORKS:
            model = trained.load_trained(stage)
            for name, images in (("plain", test.images), ("strong", changed)):
                answers = trained.probabilities(model, images, batch_size).argmax(axis=1)
                metrics.setdefault(stage, {})[name] = rare_answers(test.classes, answers, rare)
    write_metrics("metrics/ablation_augment_look.json", metrics)


if __name__ == "__main__":
    supervisor.run(main)
