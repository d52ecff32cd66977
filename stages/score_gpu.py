"""Scores the networks that were trained on a GPU on PrivateTest, on any machine.

Reads   data/{benchmark_gpu,distilled_gpu,compact_gpu}/<seed>/model.keras, their metrics and
        sections of params.yaml, data/crops.npz, data/audit.csv, data/test_copies.csv
Writes  metrics/score_gpu.json: by stage each seed's score with its 95% interval, mean and SD, the
        averaged seeds' score, and the cost of the network and its training;
        plots/score_gpu/<stage>.csv (a row per image of PrivateTest, of the first seed)
Run     dvc repro stages/gpu/dvc.yaml:score_gpu
        (or, from the top folder: python stages/score_gpu.py)
Takes   about five minutes on 2 cores without a GPU
Expect  accuracies that can be compared with those in metrics/headline.json
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.jax_params import BENCHMARK_SPECS, TAUGHT_SPECS
from ferd.study.jax_params import SCORE_SPECS as SPECS

NETWORKS = {
    "benchmark_gpu": BENCHMARK_SPECS,
    "distilled_gpu": TAUGHT_SPECS,
    "compact_gpu": TAUGHT_SPECS,
}
SIZES = ("parameters", "multiply_adds", "train_faces")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("score_gpu", SPECS)
    with measure_cost("score_gpu"):
        score_networks(**settings)


def score_networks(seed, draws, **seeds):
    """Writes the stage's outputs.

    Args:
        seed, draws: Seed and samples of the bootstrap.
        **seeds: Seeds by stage.
    """
    from ferd.scoring.gpu_scores import predict_stage, score_stage
    from ferd.scoring.headline import teachers_work, views_averaged
    from ferd.study.results import write_metrics, write_table
    from ferd.training.recipes.data import recipe_faces

    metrics = {}
    teachers = [read(f"metrics/benchmark_gpu/{one}.json") for one in seeds["benchmark_gpu"]]
    for stage, specs in NETWORKS.items():
        settings = params.load(stage, specs)
        # Under split: paper each seed has its own validation split; the test faces are the same.
        faces = recipe_faces(settings | {"seed": seeds[stage][0]})
        tables = predict_stage(stage, seeds[stage], faces.test, settings)
        write_table(f"plots/score_gpu/{stage}.csv", tables["flip"][seeds[stage][0]])
        scores = score_stage(tables, faces, draws, seed)
        for number, found in scores["seeds"].items():
            own = read(f"metrics/{stage}/{number}.json")
            found["validation"] = own["validation"]
        scores["network"] = {key: own[key] for key in SIZES}
        scores["network"]["views"] = views_averaged(settings | {"views": "flip"})
        scores["network"]["teacher_multiply_adds"] = teachers_work(settings, teachers)
        metrics[stage] = scores
        print(f"{stage}: {scores['seeds']}", flush=True)
    write_metrics("metrics/score_gpu.json", metrics)


def read(path):
    """The content of a JSON file of metrics."""
    import json

    return json.loads(Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    supervisor.run(main)
