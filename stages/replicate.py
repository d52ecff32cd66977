"""Trains the CNN or one of its ablations again from another seed, to measure the effect of chance.

The seed decides the validation split, the initial weights, the order, augmentation and dropout.

Reads   data/crops.npz, data/test_copies.csv; the variant's own section of params.yaml
Writes  data/replicate/<variant>_<seed>/model.keras, plots/replicate/<variant>_<seed>/history.csv
        and predictions.csv, metrics/replicate/<variant>_<seed>.json
Run     dvc repro replicate        all of them
        dvc repro replicate@train-2025
        (or, from the top folder: python stages/replicate.py train 2025)
Takes   as long as the variant's own stage, each; a killed run resumes at its last epoch
Expect  scores within a point of the variant's own
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.differential_params import STRONG_SPECS
from ferd.study.replicate_params import REPLICATE_SPECS, VARIANTS
from ferd.study.train_params import TRAIN_SPECS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("seed", type=int)
    arguments = parser.parse_args()
    # dvc.yaml makes one stage for each; here they are only checked.
    params.load("replicate", REPLICATE_SPECS)
    settings = params.load("train", TRAIN_SPECS) | {"seed": arguments.seed}
    stage = f"replicate/{arguments.variant}_{arguments.seed}"
    with measure_cost(stage) as cost:
        train_variant(arguments.variant, settings, cost, stage)


def train_variant(variant, settings, cost, stage):
    """Trains as the stage `variant` does and writes its outputs under the name `stage`."""
    if variant == "train":
        from stages.train import train

        train(settings, cost, stage)
    elif variant == "ablation_uncropped":
        from stages import ablation_uncropped as uncropped

        changed = params.load(variant, uncropped.SPECS)
        uncropped.train_uncropped(settings, changed["train_on"], cost, stage)
    elif variant == "ablation_cbam":
        from stages import ablation_cbam as cbam

        cbam.train_with_attention(settings, params.load(variant, cbam.SPECS), cost, stage)
    elif variant == "ablation_augment":
        from stages.ablation_augment import train_differentially

        train_differentially(settings, params.load(variant, STRONG_SPECS), cost, stage)


if __name__ == "__main__":
    supervisor.run(main)
