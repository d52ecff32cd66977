"""Tries one recipe as a DVC experiment and notes what it scored on validation.

Reads   section search of params.yaml as committed, with the changes given; with --of, a finished
        stage's metrics instead, and in what its section differs from search
Writes  docs/trail.json (a row per recipe tried, failures too) and the table of docs/experiments.md
Run     python -m ferd.trail "no attention to channels" -S search.squeeze_excitation=0.0
        python -m ferd.trail "four stages of narrower blocks" --of compact
Takes   as long as the stage search; the work tree stays free meanwhile. With --of: a second
Expect  a row with the score of each kind of view, the size, and the minutes
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from ferd.tables import markdown, replace_block

TRAIL, DOCUMENT = Path("docs/trail.json"), Path("docs/experiments.md")
# Trained as search is; improved's split: paper has other validation faces.
FINISHED = ("benchmark_fer2013", "compact")
START, END = "<!-- trail: written by python -m ferd.trail -->", "<!-- end of trail -->"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="what was changed, in words")
    parser.add_argument("-S", dest="changes", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--of", choices=FINISHED, help="a stage that has been run: runs nothing")
    arguments = parser.parse_args()
    changes = arguments.changes
    if arguments.of and changes:
        parser.error("--of takes the changes from params.yaml: leave -S out")
    if arguments.of:
        changes, files = finished(arguments.of)
    else:
        files = run_experiment(arguments.name, changes)
    rows = note(TRAIL, row(arguments.name, changes, **files))
    text = replace_block(DOCUMENT.read_text(encoding="utf-8"), trail_table(rows), START, END)
    DOCUMENT.write_text(text, encoding="utf-8", newline="\n")


def run_experiment(name, changes):
    """Runs the stage search with changed params beside the work tree.

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
    # --temp copies the commit, so nothing that is not committed is ever on the trail.
    call("dvc", "exp", "run", "--temp", "--single-item", "-n", label, *words, "search", show=True)
    revision = commit_of(label, call("git", "for-each-ref", "refs/exps"))
    read = {"metrics": "metrics/search.json", "cost": "metrics/cost/search.json"}
    return {
        key: json.loads(call("git", "show", f"{revision}:{path}")) for key, path in read.items()
    }


def finished(stage):
    """What a finished stage of FER2013's own protocol scored on validation, as `search` would.

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
    # Every kind of view is scored on validation; which one the test is given changes no row.
    own = {key: value for key, value in sections[stage].items() if key != "views"} | {"seed": seed}
    changed = {key: value for key, value in own.items() if value != sections["search"].get(key)}
    changes = [f"search.{key}={json.dumps(changed[key], separators=(',', ':'))}" for key in changed]
    paths = {
        "metrics": f"metrics/{stage}/{seed}.json",
        "cost": f"metrics/cost/{stage}/{seed}.json",
    }
    return changes, {key: json.loads(_read(path)) for key, path in paths.items()}


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


def row(name, changes, metrics, cost):
    """What docs/trail.json keeps of a run.

    Args:
        name: What was changed, in words.
        changes: As in `run_experiment`.
        metrics, cost: The stage's two metrics files.
    """
    return {
        "name": name,
        "changes": changes,
        "parameters": metrics["parameters"],
        "multiply_adds": metrics["multiply_adds"],
        "validation": {view: one["accuracy"] for view, one in metrics["validation"].items()},
        "epochs": cost["epochs"],
        "minutes": round(cost["training_seconds"] / 60, 1),
    }


def note(path, entry):
    """Adds a row to the file at `path`, in the order in which the runs ended; gives all rows."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    rows.append(entry)
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8", newline="\n")
    return rows


def trail_table(rows):
    """Markdown: a row per recipe tried.

    Args:
        rows: Of `row`.
    """
    views = list(dict.fromkeys(view for entry in rows for view in entry["validation"]))
    head = ["recipe", "changes", *views, "weights", "million multiply-adds", "epochs", "minutes"]
    cells = [
        [
            entry["name"],
            " ".join(f"`{change}`" for change in entry["changes"]),
            *(f"{entry['validation'][view]:.4f}" for view in views),
            f"{entry['parameters']:,}",
            f"{entry['multiply_adds'] / 1e6:.1f}",
            str(entry["epochs"]),
            f"{entry['minutes']:.1f}",
        ]
        for entry in rows
    ]
    return markdown(head, cells)


if __name__ == "__main__":
    sys.exit(main())
