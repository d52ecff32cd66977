"""Trains the paper's network with stronger augmentation for the under-represented classes only.

Reads   data/crops.npz; data/test_copies.csv if train.exclude_test_copies
Writes  data/ablation_augment/model.keras, plots/ablation_augment/history.csv and predictions.csv,
        metrics/ablation_augment.json
Run     dvc repro ablation_augment   (or, from the top folder: python stages/ablation_augment.py)
Takes   as long as train; a killed run resumes at its last epoch
Expect  a lower accuracy than train's; the paper found it worse and gives neither ranges nor figure
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.differential_params import STRONG_SPECS
from ferd.study.train_params import TRAIN_SPECS


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS)
    strong = params.load("ablation_augment", STRONG_SPECS)
    with measure_cost("ablation_augment") as cost:
        train_differentially(settings, strong, cost)


def train_differentially(settings, changed, cost, stage="ablation_augment"):
    """Trains as the stage train does, with the other augmentation; writes the same outputs."""
    from ferd.classes import CLASSES
    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.training.paper.differential import differential_augment, rare_classes
    from ferd.training.paper.outputs import write_training
    from ferd.training.paper.train_cnn import train_network

    faces, test = training_faces(load_faces("train"), settings), load_faces("test")
    validating = validation_rows(faces, settings)
    strong = {key: value for key, value in changed.items() if key != "rare_share"}
    light = {key: settings[key] for key in ("flip", "rotation_degrees")}
    rare = rare_classes(faces.classes[~validating], len(CLASSES), changed["rare_share"])
    print("stronger for:", *[name for name, is_rare in zip(CLASSES, rare, strict=True) if is_rare])

    def augment(images, classes, generator):
        return differential_augment(images, classes, generator, rare, light, strong)

    training = train_network(
        faces, validating, settings, augment=augment, variant={"augment": changed}
    )
    write_training(stage, training, faces.take(validating), test, cost)


if __name__ == "__main__":
    supervisor.run(main)
