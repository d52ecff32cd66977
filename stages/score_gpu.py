"""Scores on PrivateTest the networks that were trained on a GPU; it needs no GPU itself.

Reads   data/{benchmark_gpu,distilled_gpu,compact_gpu}/<seed>/model.keras (only where they were
        trained), metrics/gpu/details/ and their sections of params.yaml, data/crops.npz,
        data/audit.csv
Writes  metrics/gpu/details/score_gpu.json: by network each seed's score with its 95% interval, mean
        and SD, the score of the seeds' mean probabilities, and the network's size;
        metrics/<network>/<seed>.json (what `dvc metrics show` compares);
        plots/score_gpu/<network>.csv (a row per image of PrivateTest, of the first seed)
Run     make gpu                  (or, from the top folder: python -m stages.score_gpu)
Takes   about five minutes on 2 cores without a GPU
Expect  accuracies that can be compared with those in metrics/details/headline.json
"""

import json
from pathlib import Path

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.pipeline import expand, read_pipeline
from ferd.study.settings import load, load_recipe

PIPELINE, DETAILS = "stages/gpu/dvc.yaml", "metrics/gpu/details"
SIZES = ("parameters", "multiply_adds", "train_faces")


def main():
    with measure_cost("metrics/gpu/cost/score_gpu.json"):
        score_networks(trained_seeds())


def trained_seeds():
    """Dict of network to its seeds, from the lines of stages/gpu/dvc.yaml."""
    found = {}
    for name, line in expand(read_pipeline(PIPELINE)).items():
        if name.startswith("train_gpu@"):
            network, seed = line["cmd"].split()[-2:]
            found.setdefault(network, []).append(int(seed))
    return found


def score_networks(seeds):
    """Writes the stage's outputs.

    Args:
        seeds: From `trained_seeds`.
    """
    from ferd.scoring.gpu_scores import predict_stage, score_stage
    from ferd.scoring.headline import teachers_work, views_averaged
    from ferd.study.base.results import write_json, write_table
    from ferd.training.recipes.data import recipe_faces

    sampling, details = load("sampling"), {}
    bootstrap = sampling["bootstrap_draws"], sampling["seed"]
    teachers = [read(f"{DETAILS}/benchmark_gpu/{one}.json") for one in seeds["benchmark_gpu"]]
    for network, numbers in seeds.items():
        # Under split: paper each seed has its own validation fold; the test faces are the same.
        settings = load_recipe(network, numbers[0])
        faces = recipe_faces(settings)
        tables = predict_stage(network, numbers, faces.test, settings)
        write_table(f"plots/score_gpu/{network}.csv", tables["flip"][numbers[0]])
        scores = score_stage(tables, faces, *bootstrap)
        own = add_facts(network, scores)
        scores["network"] = {key: own[key] for key in SIZES}
        scores["network"]["views"] = views_averaged(settings | {"views": "flip"})
        scores["network"]["teacher_multiply_adds"] = teachers_work(settings, teachers)
        details[network] = scores
        print(f"{network}: {scores['seeds']}", flush=True)
    write_json(f"{DETAILS}/score_gpu.json", details)


def add_facts(network, scores):
    """Adds the validation scores of each seed and writes its metrics; returns the last facts."""
    from ferd.scoring.gpu_scores import metrics_row
    from ferd.study.base.results import write_json

    for seed, found in scores["seeds"].items():
        facts = read(f"{DETAILS}/{network}/{seed}.json")
        found["validation"] = facts["validation"]
        write_json(f"metrics/{network}/{seed}.json", metrics_row(found, facts))
    return facts


def read(path):
    """The content of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    stage.run(main, __doc__)
