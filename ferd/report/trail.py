"""Runs one recipe as a DVC experiment and records its validation score.

Reads   section search of params.yaml as committed, with the given changes; with --of, a finished
        stage's metrics instead, and how its section differs from search; for a stage that trains on
        a GPU, how it differs from the same section here (--root: another copy of the tree)
Writes  docs/trail.json (a row per recipe tried, failures too) and the table of docs/experiments.md
Run     python -m ferd.report.trail "no attention to channels" -S search.squeeze_excitation=0.0
        python -m ferd.report.trail "four stages of narrower blocks" --of compact
        python -m ferd.report.trail "half as wide" --of benchmark_gpu --root ~/copy-with-other-params
Takes   as long as the stage search; the work tree is not touched meanwhile. With --of: a second
Expect  a row with the accuracy by test-time augmentation, the size, and the minutes
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from ferd.report.trail_table import with_tables

TRAIL, DOCUMENT = Path("docs/trail.json"), Path("docs/experiments.md")
# Trained under the split of search; improved has other validation faces.
FINISHED = ("benchmark_fer2013", "compact")
ON_GPU = ("benchmark_gpu", "distilled_gpu", "compact_gpu")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="what was changed, in words")
    parser.add_argument("-S", dest="changes", action="append", default=[], metavar="KEY=VALUE")
    finished_stages = (*FINISHED, *ON_GPU)
    parser.add_argument("--of", choices=finished_stages, help="a stage that has been run")
    parser.add_argument("--root", default=".", help="the tree a stage on a GPU was run in")
    arguments = parser.parse_args()
    changes, scored = arguments.changes, bool(arguments.of) and arguments.root == "."
    if arguments.of and changes:
        parser.error("--of takes the changes from params.yaml: leave -S out")
    if arguments.root != "." and arguments.of not in ON_GPU:
        parser.error(f"--root is for --of one of {', '.join(ON_GPU)}")
    if arguments.of in ON_GPU:
        changes, files = finished_on_gpu(arguments.of, Path(arguments.root))
    elif arguments.of:
        changes, files = finished(arguments.of)
    else:
        files = run_experiment(arguments.name, changes)
    rows = note(TRAIL, row(arguments.name, changes, **files, private_test=scored))
    text = with_tables(DOCUMENT.read_text(encoding="utf-8"), rows)
    DOCUMENT.write_text(text, encoding="utf-8", newline="\n")


def run_experiment(name, changes):
    """Runs the stage search with changed params in a copy of the work tree.

    Args:
        name: What was changed, in words; with `-` between them the experiment's name.
        changes: Strings `search.<key>=<value>`.

    Returns:
        Dict of `metrics` and `cost`: the stage's two metrics files, of this run.

    Raises:
        SystemExit: If a change is of another section, or the run fails.
    """
    strange = [change for change in changes if not change.startswith("search.")]
    if strange:
        raise SystemExit(f"{strange[0]}: only params of the section search are tried here")
    words = [word for change in changes for word in ("-S", change)]
    label = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    # --temp copies the commit, so uncommitted changes never take part.
    call("dvc", "exp", "run", "--temp", "--single-item", "-n", label, *words, "search", show=True)
    revision = commit_of(label, call("git", "for-each-ref", "refs/exps"))
    read = {"metrics": "metrics/search.json", "cost": "metrics/cost/search.json"}
    return {
        key: json.loads(call("git", "show", f"{revision}:{path}")) for key, path in read.items()
    }


def finished(stage):
    """Validation scores of a finished stage of FER2013's own split, as `search` writes them.

    Args:
        stage: One of `FINISHED`.

    Returns:
        Pair of the changes, strings `search.<key>=<value>` that make `search` train the same
        network, and a dict of the stage's `metrics` and `cost`, of its first seed.

    Raises:
        SystemExit: If params.yaml or a metrics file is missing.
    """
    sections = yaml.safe_load(_read("params.yaml"))
    seed = sections["headline"][stage][0]
    # Validation has every test-time augmentation, so the one for the test set changes no row.
    own = {key: value for key, value in sections[stage].items() if key != "views"} | {"seed": seed}
    return differences("search", own, sections["search"]), files_of(stage, seed)


def finished_on_gpu(stage, root):
    """Validation scores of a training on a GPU, for the first seed of this tree that it has.

    Args:
        stage: One of `ON_GPU`.
        root: The tree it was run in; its params.yaml may differ from the one here.

    Returns:
        Pair of the changes, strings `<stage>.<key>=<value>` that make the stage here train the
        same, and a dict of its `metrics` and `cost`.

    Raises:
        SystemExit: If params.yaml or a metrics file is missing.
    """
    here, there = (yaml.safe_load(_read(where / "params.yaml")) for where in (Path(), root))
    seed = next(
        (one for one in here["score_gpu"][stage] if (root / _metrics(stage, one)).exists()),
        here["score_gpu"][stage][0],
    )
    return differences(stage, there[stage], here[stage]), files_of(stage, seed, root)


def differences(section, own, base):
    """Strings `<section>.<key>=<value>` of what differs from base."""
    changed = {key: value for key, value in own.items() if value != base.get(key)}
    return [f"{section}.{key}={json.dumps(changed[key], separators=(',', ':'))}" for key in changed]


def files_of(stage, seed, root=Path()):
    """Dict of `metrics` and `cost`, a training's two metrics files."""
    paths = {"metrics": _metrics(stage, seed), "cost": _metrics(f"cost/{stage}", seed)}
    return {key: json.loads(_read(root / path)) for key, path in paths.items()}


def _metrics(stage, seed):
    return f"metrics/{stage}/{seed}.json"


def _read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SystemExit(f"{path} is missing: run the stage first, from the top folder") from None


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
        metrics, cost: The stage's two metrics files; `cost` names the device if that is a GPU.
        private_test: Whether the network was scored on PrivateTest too, as every finished stage is.
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
