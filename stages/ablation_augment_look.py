"""Tests whether the network of cosine_augment takes augmentation artefacts for a sign of a class.

Only the training faces of rare classes had the strong augmentation. Here that network and the CNN
of train predict the test faces without and with the strong augmentation.

Reads   data/crops.npz, data/cosine/model.keras, data/cosine_augment/model.keras;
        sections ablation_augment, sampling and predict of params.yaml
Writes  metrics/details/ablation_augment_look.json: for each network, on test faces `plain` and
        `strong`, accuracy, recall of the rare classes, and the share of other faces predicted as
        rare; metrics/cost/ablation_augment_look.json
Run     dvc repro ablation_augment_look
        (or, from the top folder: python -m stages.ablation_augment_look)
Takes   under a minute on 2 cores
Expect  the CNN worse on augmented faces of all classes; the other network predicts a rare class
        for most augmented faces
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

NETWORKS = ("cosine", "cosine_augment")


def main():
    seed, batch_size = load("sampling")["seed"], load("predict")["batch_size"]
    with measure_cost("metrics/cost/ablation_augment_look.json"):
        look(seed, batch_size, load("ablation_augment"))


def look(seed, batch_size, strong):
    """Writes the details; only `rare_classes: 0` if no class or every class is rare."""
    import numpy as np

    from ferd.classes import CLASSES
    from ferd.dataset.parts.faces import load_faces
    from ferd.scoring.generator_look import rare_answers
    from ferd.study.base.results import write_json
    from ferd.training.core import trained
    from ferd.training.paper.differential import rare_classes, strong_augment

    test, share = load_faces("test"), strong.pop("rare_share")
    rare = rare_classes(load_faces("train").classes, len(CLASSES), share)
    metrics = {"rare_classes": int(rare.sum())}
    if rare[test.classes].any() and not rare[test.classes].all():
        changed = strong_augment(test.images, np.random.default_rng(seed), **strong)
        for run in NETWORKS:
            model = trained.load_trained(run)
            for name, images in (("plain", test.images), ("strong", changed)):
                answers = trained.probabilities(model, images, batch_size).argmax(axis=1)
                metrics.setdefault(run, {})[name] = rare_answers(test.classes, answers, rare)
    write_json("metrics/details/ablation_augment_look.json", metrics)


if __name__ == "__main__":
    stage.run(main, __doc__)
