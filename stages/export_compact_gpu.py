"""Exports the compact network distilled on a GPU, and scores the file as export_compact does.

Reads   data/crops.npz, data/crops.csv, data/audit.csv, data/test_copies.csv and
        data/compact_gpu/<seed>/model.keras
Writes  data/export_compact_gpu/ferd_float16.onnx (weights in float16, arithmetic in float32);
        metrics/export_compact_gpu.json: as metrics/export_compact.json;
        metrics/cost/export_compact_gpu.json: milliseconds per face on one thread
Run     dvc repro stages/gpu/dvc.yaml:export_compact_gpu
        (or, from the top folder: python stages/export_compact_gpu.py 2024)
        python -m ferd.export.ship compact afterwards copies the better of both into the package
Takes   about a minute on 2 cores; needs no GPU
Expect  the accuracy of the stage score_gpu, and a file below 2 MB
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.jax_params import TAUGHT_SPECS
from stages.export_compact import SPECS, export


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("export_compact_gpu", SPECS)
    recipe = params.load("compact_gpu", TAUGHT_SPECS) | {"seed": seed, "views": "flip"}
    export("compact_gpu", recipe, settings)


if __name__ == "__main__":
    supervisor.run(main)
