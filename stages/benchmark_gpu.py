"""Trains a wider network under FER2013's own protocol on one GPU: Keras on JAX.

It has the recipe of benchmark_fer2013 with harder augmentation and four times the work. It is
trained on Training and scored on PublicTest; the stage score_gpu scores PrivateTest.

Reads   data/crops.npz, data/audit.csv, data/test_copies.csv, section benchmark_gpu of params.yaml
Writes  data/benchmark_gpu/<seed>/model.keras, plots/benchmark_gpu/<seed>/history.csv,
        metrics/benchmark_gpu/<seed>.json
Run     pip install "jax[cuda12]==0.5.3"        once, after requirements.txt
        dvc repro stages/gpu/dvc.yaml:benchmark_gpu@2024
        (or, from the top folder: python stages/benchmark_gpu.py 2024)
Takes   about a minute on one H100, three at once; a killed run resumes from its last save
Expect  an accuracy on PublicTest a point above that of benchmark_fer2013
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.jax_params import BENCHMARK_SPECS as SPECS


def main():
    # Keras reads it when it is imported, below. A program that imports this file keeps its backend.
    os.environ["KERAS_BACKEND"] = "jax"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("benchmark_gpu", SPECS) | {"seed": seed}
    with measure_cost(f"benchmark_gpu/{seed}") as cost:
        from ferd.training.jax.outputs import train_stage

        train_stage(f"benchmark_gpu/{seed}", settings, cost)


if __name__ == "__main__":
    supervisor.run(main)
