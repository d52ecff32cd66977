"""Runs one recipe as a DVC experiment and records its validation score.

Reads   section search of params.yaml as committed, with the given changes; with --of, a finished
        run's metrics instead, and how its recipe differs from search; for a network that is trained
        on a GPU, how its section differs from the same one here (--root: another copy of the tree)
Writes  docs/trail.json (a row per recipe tried, failures too) and the table of docs/experiments.md
Run     python -m ferd.report.trail "no attention to channels" -S search.squeeze_excitation=0.0
        python -m ferd.report.trail "four stages of narrower blocks" --of compact
        python -m ferd.report.trail "half as wide" --of benchmark_gpu --root ~/with-other-params
Takes   as long as the run search; the work tree is not touched meanwhile. With --of: a second
Expect  a row with the accuracy by test-time augmentation, the size, and the minutes
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from ferd.report.tables.trail_runs import (
    SEARCH,
    finished,
    finished_on_gpu,
    paths_of_run,
    seeds_by_recipe,
)
from ferd.report.tables.trail_table import with_tables
from ferd.study.recipe_sections import RECIPES, FerplusRunRecipe

TRAIL, DOCUMENT = Path("docs/trail.json"), Path("docs/experiments.md")
# In this order: the settings are checked, the network is trained, its predictions are scored.
STAGES = ("settings", "recipe@search", "score_recipe@search")
# FER+'s own benchmark has other classes and faces, so no row can have its scores.
NETWORKS = {name for name, (_, merged) in RECIPES.items() if merged is not FerplusRunRecipe}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="what was changed, in words")
    parser.add_argument("-S", dest="changes", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument(
        "--of", choices=sorted(NETWORKS - {SEARCH}), help="a network that has been trained"
    )
    parser.add_argument("--root", default=".", help="the tree a network on a GPU was trained in")
    arguments = parser.parse_args()
    changes, scored = arguments.changes, bool(arguments.of) and arguments.root == "."
    on_gpu = bool(arguments.of) and arguments.of not in seeds_by_recipe()
    if arguments.of and changes:
        parser.error("--of takes the changes from params.yaml: leave -S out")
    if arguments.root != "." and not on_gpu:
        parser.error("--root is for --of a network that is trained on a GPU")
    if on_gpu:
        changes, files = finished_on_gpu(arguments.of, Path(arguments.root))
    elif arguments.of:
        changes, files = finished(arguments.of)
    else:
        files = run_experiment(arguments.name, changes)
    rows = note(TRAIL, row(arguments.name, changes, **files, private_test=scored))
    text = with_tables(DOCUMENT.read_text(encoding="utf-8"), rows)
    DOCUMENT.write_text(text, encoding="utf-8", newline="\n")


def run_experiment(name, changes):
    """Runs the run `search` with changed params in a copy of the work tree.

    Args:
        name: What was changed, in words; with `-` between them the experiment's name.
        changes: Strings `search.<key>=<value>`.

    Returns:
        Dict of `metrics` and `cost`: the two files of this run.

    Raises:
        SystemExit: If a change is of another section, or the run fails.
    """
    strange = [change for change in changes if not change.startswith(f"{SEARCH}.")]
    if strange:
        raise SystemExit(f"{strange[0]}: only params of the section search are tried here")
    # ++ sets a key that the section has, and adds one that it takes from the section recipe.
    words = [word for change in changes for word in ("-S", f"++{change}")]
    label = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    # --temp copies the commit, so uncommitted changes never take part.
    call("dvc", "exp", "run", "--temp", "--single-item", "-n", label, *words, *STAGES, show=True)
    revision = commit_of(label, call("git", "for-each-ref", "refs/exps"))
    paths = paths_of_run(SEARCH, seeds_by_recipe()[SEARCH])
    return {key: json.loads(call("git", "show", f"{revision}:{paths[key]}")) for key in paths}


def commit_of(label, references):
    """The commit of an experiment, from what `git for-each-ref refs/exps` prints.

    Raises:
        SystemExit: If there is none of that name.
    """
    for line in references.splitlines():
        commit, _, reference = line.split()
        if reference.rsplit("/", 1)[1] == label:
            return commit
    raise SystemExit(f"DVC kept no experiment {label}")


def call(*words, show=False):
    """Runs a command; its standard output, or "" where that is shown as it comes."""
    done = subprocess.run(words, stdout=None if show else subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with status {done.returncode}")
    return done.stdout or ""


def row(name, changes, metrics, cost, private_test=False):
    """What docs/trail.json keeps of a run.

    Args:
        name: What was changed, in words.
        changes: As in `run_experiment`.
        metrics, cost: The run's two files; `cost` names the device if that is a GPU.
        private_test: Whether the network was scored on PrivateTest too, as every finished run is.
    """
    found = {
        "name": name,
        "changes": changes,
        "parameters": metrics["parameters"],
        "multiply_adds": metrics["multiply_adds"],
        "validation": {view: one["accuracy"] for view, one in metrics["validation"].items()},
        "epochs": cost["epochs"],
        "minutes": round(cost["training_seconds"] / 60, 1),
        "private_test": private_test,
    }
    return found | ({"device": cost["device"]} if "device" in cost else {})


def note(path, entry):
    """Adds a row to the file at `path`, in the order in which the runs ended; gives all rows."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    rows.append(entry)
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8", newline="\n")
    return rows


if __name__ == "__main__":
    sys.exit(main())
