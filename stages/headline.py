"""Compares the residual networks with the reproduced ones, seed by seed and averaged over seeds.

Reads   plots/{improved,benchmark_fer2013,compact}/<seed>/predictions.csv,
        plots/improved_hybrid/<seed>/, plots/cosine/, plots/flip_averaging/, plots/cosine_*/,
        plots/compact_copies/, data/audit.csv, these runs' metrics/details/<network>/<seed>.json and
        sections of params.yaml; benchmarks/results.json (scores on PrivateTest of other packages
        and of the networks trained on a GPU) and metrics/details/fetch.json, which shows whether
        those were measured on the same data
Writes  metrics/details/headline.json: by network each seed's score with its 95% interval, mean and
        SD, and the score of the seeds' mean probabilities; `tests`: improved minus the CNN and
        minus the hybrids (exact McNemar, Holm's correction); `packages`: other packages' accuracies
        on `package_faces` images, `package_agreement`: the same by annotators' majority labels;
        `copies`: compact and compact_copies; `search`: scores on the test faces that the run search
        was trained on, and on the other test faces; `gpu`, `gpu_tests`, `gpu_agreement_tests`: the
        networks trained on a GPU
Run     dvc repro headline        (or, from the top folder: python -m stages.headline)
Takes   about half a minute on 2 cores
Expect  a higher accuracy of improved than of the CNN and of both hybrids (the vote and the stack on
        the features of improved)
"""

import json
from pathlib import Path

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load, load_recipe

FINALS = ("improved", "benchmark_fer2013", "compact")
OTHERS = {
    "cnn": "cosine/predictions",
    "soft vote": "cosine_voting/predictions_soft",
    "stack": "cosine_stacking/predictions_stack",
    # The improved network averages views of a face; so may the CNN, at twice its work.
    "cnn, flip averaging": "flip_averaging/predictions",
}
HYBRIDS = {"soft": "improved, soft vote", "stack": "improved, stack"}
COPY_FREE = "compact_copies"
SIZES = ("parameters", "multiply_adds", "train_faces")
PARTS = ("detected", "without_copy", "without_any_copy")


def main():
    import pandas as pd

    from ferd.dataset.parts.copy_groups import copy_groups
    from ferd.scoring.evaluation import parts_of, read_audit
    from ferd.scoring.headline import compare_improved
    from ferd.scoring.search_overlap import search_overlap
    from ferd.study.base.results import write_json

    sampling, groups = load("sampling"), copy_groups()
    bootstrap = sampling["bootstrap_draws"], sampling["seed"]
    tables = {network: predictions(network) for network in FINALS}
    details = {name: final_scores(name, tables[name], groups, bootstrap) for name in FINALS}
    audit = read_audit()
    parts = {
        name: set(audit.index[mask]) for name, mask in parts_of(audit).items() if name in PARTS
    }
    others = {name: pd.read_csv(f"plots/{path}.csv") for name, path in OTHERS.items()}
    for kind, name in HYBRIDS.items():
        first = next(iter(tables["improved"]))
        others[name] = pd.read_csv(f"plots/improved_hybrid/{first}/predictions_{kind}.csv")
    details["tests"] = compare_improved(tables["improved"], others, parts, groups, *bootstrap)
    details |= measured_elsewhere()
    details["copies"] = compare_copy_free(tables["compact"], groups, *bootstrap)
    if load_recipe("compact", 0)["split"] == "official":
        both = (others["cnn"], tables["improved"])
        details["search"] = search_overlap(audit, parts["detected"], *both, groups, *bootstrap)
    write_json("metrics/details/headline.json", details)


def predictions(network):
    """Dict of seed to the predictions of a network, of the seeds that dvc.yaml trains."""
    import pandas as pd

    paths = written_by(read_pipeline(), f"plots/{network}")
    found = [path for path in paths if path.endswith("/predictions.csv")]
    return {int(Path(path).parent.name): pd.read_csv(path) for path in found}


def final_scores(network, tables, groups, bootstrap):
    """Scores of a network over its seeds, with what its runs measured: size, scores by part.

    Args:
        network: Section of its recipe.
        tables: Its predictions, by seed.
        groups, bootstrap: As in `ferd.scoring.headline.seed_scores`: draws and seed.
    """
    from ferd.scoring.headline import seed_scores, views_averaged

    scores = seed_scores(tables, groups, *bootstrap)
    for seed, found in scores["seeds"].items():
        own = read(f"metrics/details/{network}/{seed}.json")
        found["validation"] = own["validation"]
        found |= {part: own["test"][part] for part in own["test"] if part != "all"}
        scores["network"] = {key: own[key] for key in SIZES}
    scores["network"]["views"] = views_averaged(load_recipe(network, 0))
    return scores


def measured_elsewhere():
    """What benchmarks/ measured of other packages, and of the networks trained on a GPU.

    Empty for other data than those that it was measured on.
    """
    from ferd.scoring.headline import package_agreement, package_scores

    own = read("metrics/details/fetch.json")["source_sha256"]
    measured = {
        name: section
        for name, section in read("benchmarks/results.json").items()
        if section.get("source_sha256") == own
    }
    peers, gpu = measured.get("peers"), measured.get("gpu", {})
    return {
        "packages": package_scores(peers) if peers else {},
        "package_faces": peers["images"]["private_test"] if peers else 0,
        "package_agreement": package_agreement(measured.get("peers_annotators")),
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
        SystemExit: If the two were trained from different seeds.
    """
    from ferd.scoring.copy_effect import copy_effect, parts_by_copy

    ((own, without),) = predictions(COPY_FREE).items()
    if own not in tables:
        raise SystemExit(f"{COPY_FREE} needs a seed of compact in dvc.yaml, not {own}")
    pair = {"compact": tables[own], COPY_FREE: without}
    parts = parts_by_copy(tables[own]["name"], load_recipe("compact", own)["split"], groups)
    found = copy_effect(pair, parts, groups, draws, seed)
    for name in pair:
        found[name]["train_faces"] = read(f"metrics/details/{name}/{own}.json")["train_faces"]
    return found


def read(path):
    """The content of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    stage.run(main, __doc__)
