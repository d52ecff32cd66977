"""Compares the improved networks with the reproduced ones: seeds, average, tests on the same faces.

Reads   plots/{improved,benchmark_fer2013,compact}/<seed>/predictions.csv,
        plots/improved_hybrid/<seed>/, plots/train/, plots/flip_averaging/, plots/automl_*/,
        plots/ablation_copies_compact/, data/audit.csv, these stages' metrics/<stage>/<seed>.json
        and sections of params.yaml,
        benchmarks/results.json (what other packages score on PrivateTest, and what the networks
        do that were trained on a GPU)
Writes  metrics/headline.json: by stage each seed's score with its 95% interval, mean and SD, the
        seeds' average; `tests`: improved less the CNN and the hybrids (exact McNemar, Holm);
        `packages`: accuracy of the measured ones on `package_faces` images, `package_agreement`:
        the same by FER+'s annotators; `copies`: compact beside itself trained without copies of
        PrivateTest images;
        `search`: scores on the test faces that the stage search trains on, and on the others;
        `gpu`, `gpu_tests`, `gpu_agreement_tests`: of the networks trained on a GPU
Run     dvc repro headline        (or, from the top folder: python stages/headline.py)
Takes   about half a minute on 2 cores
Expect  the improved network above the CNN and above both hybrids
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.distillation_params import DISTILLATION_SPECS
from ferd.study.final_params import FINAL_SPECS
from ferd.study.final_params import HEADLINE_SPECS as SPECS
from ferd.study.recipe_params import RECIPE_SPECS

FINALS = {
    "improved": FINAL_SPECS,
    "benchmark_fer2013": FINAL_SPECS,
    "compact": FINAL_SPECS | DISTILLATION_SPECS,
}
OTHERS = {
    "cnn": "train/predictions",
    "soft vote": "automl_voting/predictions_soft",
    "stack": "automl_stacking/predictions",
    # The improved network averages views of a face; so may the CNN, at twice its work.
    "cnn, flip averaging": "flip_averaging/predictions",
}
HYBRIDS = {"soft": "improved, soft vote", "stack": "improved, stack"}
COPY_FREE = "ablation_copies_compact"
COPY_FREE_SPECS = {
    "seed": RECIPE_SPECS["seed"],
    "exclude_test_copies": params.Spec(bool, choices=(True,)),
}
SIZES = ("parameters", "multiply_adds", "train_faces")
PARTS = ("detected", "without_copy", "without_any_copy")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("headline", SPECS)
    with measure_cost("headline"):
        compare_finals(**settings)


def compare_finals(seed, draws, **seeds):
    """Writes the stage's output.

    Args:
        seed, draws: Of the bootstrap.
        **seeds: Seeds by stage, as dvc.yaml trains them.
    """
    import pandas as pd

    from ferd.scoring.evaluation import parts_of, read_audit
    from ferd.scoring.headline import compare_improved, seed_scores
    from ferd.scoring.search_overlap import search_overlap
    from ferd.scoring.seeds import score_table
    from ferd.study.results import write_metrics
    from ferd.training.recipes.data import copy_groups

    groups, metrics, tables = copy_groups(), {}, {}
    for stage in FINALS:
        tables[stage] = {
            number: pd.read_csv(f"plots/{stage}/{number}/predictions.csv")
            for number in seeds[stage]
        }
        metrics[stage] = seed_scores(tables[stage], groups, draws, seed)
        add_facts(metrics[stage], stage, seeds["benchmark_fer2013"])
    audit = read_audit()
    parts = {
        name: set(audit.index[mask]) for name, mask in parts_of(audit).items() if name in PARTS
    }
    others = {name: pd.read_csv(f"plots/{path}.csv") for name, path in OTHERS.items()}
    for kind, name in HYBRIDS.items():
        path = f"plots/improved_hybrid/{seeds['improved'][0]}/predictions_{kind}.csv"
        others[name] = pd.read_csv(path)
    for number, table in tables["improved"].items():
        # On the study's own parts, as every other row of the table: not this training's, which
        # left a validation part out and so has fewer copies.
        rows = table["name"].isin(parts["without_copy"])
        alone = score_table(table[rows], groups, draws, seed)
        metrics["improved"]["seeds"][str(number)]["without_copy"] = alone
    metrics["tests"] = compare_improved(tables["improved"], others, parts, groups, draws, seed)
    metrics |= measured_elsewhere(read("benchmarks/results.json"))
    metrics["copies"] = compare_copy_free(tables["compact"], groups, draws, seed)
    if params.load("compact", FINALS["compact"])["split"] == "official":
        both = (others["cnn"], tables["improved"])
        metrics["search"] = search_overlap(audit, parts["detected"], *both, groups, draws, seed)
    write_metrics("metrics/headline.json", metrics)


def measured_elsewhere(results):
    """What benchmarks/ measured of other packages, and of the networks trained on a GPU.

    Args:
        results: benchmarks/results.json. No dep on the stages that train on a GPU: `dvc repro`
            would run them, and few have one.
    """
    from ferd.scoring.headline import package_agreement, package_scores

    gpu = results.get("gpu", {})
    return {
        "packages": package_scores(results["peers"]),
        "package_faces": results["peers"]["images"]["private_test"],
        "package_agreement": package_agreement(results.get("peers_annotators")),
        "gpu": gpu.get("scores", {}),
        "gpu_tests": gpu.get("tests", {}),
        "gpu_agreement_tests": gpu.get("annotators", {}).get("tests", {}),
    }


def compare_copy_free(tables, groups, draws, seed):
    """The network of compact beside the one that was trained without copies of test images.

    Args:
        tables: Dict of seed to compact's predictions.
        groups, draws, seed: As in `ferd.scoring.copy_effect.copy_effect`.

    Returns:
        As `copy_effect`, each model with its `train_faces`.

    Raises:
        SystemExit: If compact was not trained with the seed of ablation_copies_compact.
    """
    import pandas as pd

    from ferd.scoring.copy_effect import copy_effect, parts_by_copy

    own = params.load(COPY_FREE, COPY_FREE_SPECS)["seed"]
    if own not in tables:
        raise SystemExit(f"{COPY_FREE}.seed must be one of headline.compact, not {own}")
    pair = {"compact": tables[own], COPY_FREE: pd.read_csv(f"plots/{COPY_FREE}/predictions.csv")}
    split = params.load("compact", FINALS["compact"])["split"]
    parts = parts_by_copy(tables[own]["name"], split, groups)
    found = copy_effect(pair, parts, groups, draws, seed)
    for name, path in (("compact", f"compact/{own}"), (COPY_FREE, COPY_FREE)):
        found[name]["train_faces"] = read(f"metrics/{path}.json")["train_faces"]
    return found


def add_facts(scores, stage, teachers):
    """Adds what the stage itself measured: its size, and by seed the scores of the parts.

    Args:
        scores: The stage's part of metrics/headline.json.
        stage: Its name.
        teachers: Seeds of the networks of benchmark_fer2013.
    """
    from ferd.scoring.headline import teachers_work, views_averaged

    for number, found in scores["seeds"].items():
        own = read(f"metrics/{stage}/{number}.json")
        found["validation"] = own["validation"]
        found |= {part: own["test"][part] for part in own["test"] if part != "all"}
        scores["network"] = {key: own[key] for key in SIZES}
    settings = params.load(stage, FINALS[stage])
    scores["network"]["views"] = views_averaged(settings)
    sizes = [read(f"metrics/benchmark_fer2013/{number}.json") for number in teachers]
    scores["network"]["teacher_multiply_adds"] = teachers_work(settings, sizes)


def read(path):
    """The content of a JSON file of metrics."""
    import json

    return json.loads(Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    supervisor.run(main)
