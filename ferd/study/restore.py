"""Puts the results that git keeps back where the scoring stages read them.

A clone without trained networks can then compute every score again: the files have the bytes that
the trainings and fits wrote, so DVC takes them for those. What is there already stays.

Reads   dvc.yaml, plots/<run>/, metrics/details/<run>.json, metrics/cost/<run>.json
Writes  data/<run>/results/ of every training, data/<run>/ of every fit
Run     python -m ferd.study.restore    (from the top folder)
Takes   seconds
Expect  afterwards `dvc repro --single-item score@train` runs, once `dvc repro audit` has
"""

import argparse
import json
import shutil
from pathlib import Path

from ferd.study.base.results import write_json
from ferd.study.pipeline import expand, paths_of, read_pipeline

SCORES = ("score@", "score_recipe@", "score_ferplus@", "score_ensembles@")
# What a training and a fit know before any test image is scored, in the order of their files.
TRAINING = ("parameters", "multiply_adds", "train_faces", "best_epoch", "validation")
FIT = (
    *("tuned", "improved", "members", "cross_validated"),
    *("default_accuracy", "tuned_accuracy", "hyperparameters", "unrounded_auc"),
)


def main():
    """Restores the files of every run of dvc.yaml."""
    argparse.ArgumentParser(
        prog="python -m ferd.study.restore",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    for name, stage in expand(read_pipeline()).items():
        if not name.startswith(SCORES):
            continue
        run = paths_of(stage, "deps")[1].removeprefix("data/").removesuffix("/results")
        if not Path(f"metrics/details/{run}.json").exists():
            print(f"{run}: git has no scores of it, so nothing was restored")
        elif name.startswith("score_ensembles@"):
            restore_fit(run)
        elif name.startswith("score_ferplus@"):
            restore_ferplus(run)
        else:
            restore_training(run)


def restore_training(run):
    """Restores data/<run>/results/."""
    folder, details = Path("data", run, "results"), read(run)
    copy(f"plots/{run}/predictions.csv", folder / "predictions.csv")
    copy(f"metrics/cost/{run}.json", folder / "cost.json")
    facts = {key: value for key, value in details.items() if key in TRAINING}
    write_new(folder / "training.json", facts)


def restore_ferplus(run):
    """Restores data/<run>/results/ of a network of FER+'s own benchmark."""
    folder, details = Path("data", run, "results"), read(run)
    for path in Path("plots", run, "predictions").glob("*.csv"):
        copy(path, folder / path.name)
    copy(f"metrics/cost/{run}.json", folder / "cost.json")
    facts = {key: value for key, value in details.items() if key != "test"}
    write_new(folder / "training.json", facts)


def restore_fit(run):
    """Restores data/<run>/."""
    folder, details = Path("data", run), read(run)
    for kind in ("predictions", "fallback"):
        for model in details:
            copy(f"plots/{run}/{kind}_{model}.csv", folder / f"{kind}_{model}.csv")
    copy(f"metrics/cost/{run}.json", folder / "cost.json")
    facts = {
        model: {key: scores[key] for key in FIT if key in scores}
        for model, scores in details.items()
    }
    write_new(folder / "fit.json", facts)


def read(run):
    """All scores of a run."""
    return json.loads(Path("metrics/details", f"{run}.json").read_text(encoding="utf-8"))


def copy(source, target):
    """Copies a file unless its target is there."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def write_new(path, values):
    """Writes a JSON file unless it is there."""
    if not path.exists():
        write_json(path, values)


if __name__ == "__main__":
    main()
