"""Trains the paper's network with CBAM attention after each block's batch norm.

Reads   data/crops.npz; data/test_copies.csv if train.exclude_test_copies
Writes  data/ablation_cbam/model.keras, plots/ablation_cbam/history.csv and predictions.csv,
        metrics/ablation_cbam.json
Run     dvc repro ablation_cbam   (or, from the top folder: python stages/ablation_cbam.py)
Takes   a quarter more than train; a killed run resumes at its last epoch
Expect  about train's accuracy at a higher cost: the paper's claim is "lower accuracy, more cost"
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.train_params import TRAIN_SPECS

SPECS = {
    "reduction_ratio": params.Spec(int, 1, 64),
    "kernel_size": params.Spec(int, choices=(1, 3, 5, 7, 9)),
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("train", TRAIN_SPECS)
    attention = params.load("ablation_cbam", SPECS)
    with measure_cost("ablation_cbam") as cost:
        train_with_attention(settings, attention, cost)


def train_with_attention(settings, attention, cost, stage="ablation_cbam"):
    """Trains as the stage train does, but with attention, and writes the same outputs."""
    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.networks.cbam import CBAM
    from ferd.training.paper.outputs import write_training
    from ferd.training.paper.train_cnn import train_network

    def after_block(x, number):
        return CBAM(**attention, seed=settings["seed"] + number, name=f"cbam_{number}")(x)

    faces, test = training_faces(load_faces("train"), settings), load_faces("test")
    validating = validation_rows(faces, settings)
    training = train_network(
        faces, validating, settings, after_block=after_block, variant={"cbam": attention}
    )
    write_training(stage, training, faces.take(validating), test, cost)


if __name__ == "__main__":
    supervisor.run(main)
