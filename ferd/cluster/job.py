"""Runs one stage in a worker's clone: takes what it reads from the cache and stores what it writes.

Reads   a JSON line on stdin: `stage` (its name), `inputs` (entries of dvc.lock, by the names of
        the stages and .dvc files whose outputs it reads), `entry` (its own, or null); for a trial
        of a sweep what `run_experiment` takes; `cores` (numbers of the cores that it may use;
        empty: all), `result` (a file)
Writes  the outputs into the clone and DVC's cache; the stage's new entry of dvc.lock, or the
        trial's score, as JSON to `result`
Run     python -m ferd.cluster.job in the clone; ferd/cluster/worker.py does
Expect  the process and all that it started to end when its stdin closes: when the worker is gone
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import yaml


def main():
    job = json.loads(sys.stdin.readline())
    # The stage must not inherit it, nor read from it.
    lifeline, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    threading.Thread(target=end_with_worker, args=[lifeline], daemon=True).start()
    use_cores(job["cores"])
    from dvc.exceptions import DvcException

    try:
        if "experiment" in job:
            entry = run_experiment(job)
        else:
            entry = run_stage(job["stage"], job["inputs"], job["entry"])
    except DvcException as error:
        # The stage's own lines stand above this one; DVC's traceback would hide them.
        raise SystemExit(str(error)) from None
    Path(job["result"]).write_text(json.dumps(entry), encoding="utf-8")


def end_with_worker(lifeline):
    """Kills this process group when the pipe ends, which means that the worker has exited."""
    while os.read(lifeline, 1):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def use_cores(cores):
    """Keeps this process and its children on some cores; without cores, or on macOS, on all."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


def run_stage(name, inputs, entry):
    """Runs a stage through DVC, which does not where its inputs and settings are unchanged.

    Args:
        name: Its name, as DVC has it.
        inputs: Dict from `ferd.cluster.plan.inputs_of`.
        entry: Its own entry, from an earlier run; or None.

    Returns:
        Its entry after the run.

    Raises:
        DvcException: If it fails, or the cache lacks an input.
    """
    from dvc.repo import Repo

    from ferd.cluster.outputs import entry_of, is_stored, restore, stages_of, store

    write_lock(name, None)
    with contextlib.closing(Repo()) as repo:
        stages = stages_of(repo, [name, *inputs])
        for one in inputs:
            restore(stages[one], inputs[one])
        if entry and is_stored(stages[name], entry):
            restore(stages[name], entry)
            write_lock(name, entry)
        ran = repo.reproduce([name], single_item=True)
        if not ran:
            return entry
        store(ran[0])
        return entry_of(ran[0])


def run_experiment(job):
    """Runs stages with other values of a section as a DVC experiment, and sends it to the head.

    Args:
        job: Dict of `experiment` (its name), `values` (by key), `section`, `stages`, `inputs`,
            `score` (file and key) and `url` (of the head's repository).

    Returns:
        The score.

    Raises:
        DvcException: If a stage fails.
    """
    from dvc.repo import Repo

    from ferd.cluster.outputs import restore, stages_of

    given = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    given = given.get(job["section"]) or {}
    changes = [
        f"{'' if key in given else '+'}{job['section']}.{key}={json.dumps(value)}"
        for key, value in job["values"].items()
    ]
    with contextlib.closing(Repo()) as repo:
        for source, stage in stages_of(repo, job["inputs"]).items():
            restore(stage, job["inputs"][source])
        name = job["experiment"]
        found = repo.experiments.run(
            job["stages"], name=name, params=changes, single_item=True, force=True
        )
    push(job["url"], next(iter(found)), name)
    file, key = job["score"]
    return json.loads(Path(file).read_text(encoding="utf-8"))[key]


def push(url, commit, name):
    """Sends an experiment's ref to the head's repository."""
    command = ["git", "for-each-ref", "--points-at", commit, "--format=%(refname)", "refs/exps"]
    refs = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    (ref,) = [one for one in refs if one.endswith(f"/{name}")]
    subprocess.run(["git", "push", "--quiet", "--force", url, f"{ref}:{ref}"], check=True)


def write_lock(name, entry):
    """Writes a dvc.lock of one stage, or none: DVC rewrites the whole file after each run."""
    from ferd.cluster.entries import lock_of, place_of

    lock_of(name).unlink(missing_ok=True)
    if entry:
        # JSON is YAML.
        text = json.dumps({"schema": "2.0", "stages": {place_of(name)[1]: entry}})
        lock_of(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
