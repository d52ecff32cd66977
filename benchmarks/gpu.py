"""Collects the results of the trainings on one GPU, which are not part of `dvc repro`.

Reads   metrics/gpu/ and plots/score_gpu/ (outputs of `make gpu`);
        plots/{compact,benchmark_fer2013}/2024/,
        data/audit.csv (outputs of `make study`); agreement.votes and sampling of params.yaml
Writes  section `gpu` of benchmarks/results.json
Run     python benchmarks/gpu.py     (make gpu does, after the trainings)
Takes   seconds; nothing is timed
Expect  the distilled networks at or above their teachers
"""

import argparse
import json

import common
import pandas as pd
import yaml

TRAINED = ("benchmark_gpu", "distilled_gpu", "compact_gpu")
BESIDE = ("benchmark_fer2013", "compact")
COSTS = ("device", "precision", "epochs", "training_seconds", "seconds")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    params = yaml.safe_load((common.ROOT / "params.yaml").read_text(encoding="utf-8"))
    scores = read("metrics/gpu/details/score_gpu.json")
    section = {"scores": scores, "costs": read_costs(scores)}
    section |= measure(params)
    common.save_of_data("gpu", section)
    print(json.dumps(section["tests"]["all"], indent=2))


def measure(params):
    """The tests, from the predictions of each network's first seed."""
    from ferd.report.tables.gpu_comparison import compare

    paths = {stage: f"score_gpu/{stage}" for stage in TRAINED}
    paths |= {stage: f"{stage}/2024/predictions" for stage in BESIDE}
    tables = {
        stage: pd.read_csv(common.ROOT / "plots" / f"{path}.csv") for stage, path in paths.items()
    }
    audit = pd.read_csv(common.ROOT / "data/audit.csv", dtype={"name": str})
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    bootstrap = params["sampling"]["bootstrap_draws"], params["sampling"]["seed"]
    return compare(tables, audit, params["agreement"]["votes"], *bootstrap)


def read_costs(scores):
    """Dict of `<stage>/<seed>` to the cost of its training."""
    found = {}
    for stage in TRAINED:
        for seed in scores[stage]["seeds"]:
            cost = read(f"metrics/gpu/cost/{stage}/{seed}.json")
            found[f"{stage}/{seed}"] = {key: cost[key] for key in COSTS}
    return found


def read(path):
    return json.loads((common.ROOT / path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
