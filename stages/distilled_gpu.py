"""Trains benchmark_gpu's network with its own seeds as teachers, on one GPU: Keras on JAX.

It is trained on Training, under FER2013's own protocol; the stage score_gpu scores PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, data/benchmark_gpu/<seed>/model.keras,
        section distilled_gpu of params.yaml
Writes  data/distilled_gpu/<seed>/model.keras, plots/distilled_gpu/<seed>/history.csv,
        metrics/distilled_gpu/<seed>.json
Run     pip install "jax[cuda12]==0.5.3"        once, after requirements.txt
        dvc repro stages/gpu/dvc.yaml:distilled_gpu@2024
        (or, from the top folder: python stages/distilled_gpu.py 2024)
Takes   about a minute on one H100; a killed run resumes from its last save
Expect  a lower loss on PublicTest than its teachers', and the accuracy of the best of them
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.jax_params import TAUGHT_SPECS as SPECS


def main():
    # Keras reads it when it is imported, below. A program that imports this file keeps its backend.
    os.environ["KERAS_BACKEND"] = "jax"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("distilled_gpu", SPECS) | {"seed": seed}
    with measure_cost(f"distilled_gpu/{seed}") as cost:
        from ferd.training.jax.outputs import train_stage
        from ferd.training.recipes.teacher import load_teacher

        train_stage(f"distilled_gpu/{seed}", settings, cost, load_teacher(settings))


if __name__ == "__main__":
    supervisor.run(main)
