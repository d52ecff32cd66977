"""Times a reduced study of four trainings: one stage after the other, on two workers, on a cluster.

Reads   the project's files as git lists them; faces that it draws
Writes  section `workers` of benchmarks/results.json; build/benchmarks/workers/<variant>/: the study
Run     python benchmarks/workers.py [--rounds 1]
Takes   about half an hour a round on 2 cores; wants a quiet machine
Expect  two workers end before `dvc repro`; after each run on workers `dvc repro` runs nothing; the
        metrics and plots of workers with one core each are those of `dvc repro` on one core
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import common
import yaml
from scaling.processes import cluster, kill_a_busy_worker

from ferd.sketch.demo import DVC_CONFIG, copy_project, drop_unused, keep, override
from ferd.study.pipeline import read_pipeline

FOLDER = common.ROOT / "build/benchmarks/workers"
TRAININGS = ("train", "variant@sqrt_weights", "replicate@train_2025", "replicate@train_2026")
CHAIN = (
    *("settings", "fetch", "crop", "audit", "split_groups"),
    *TRAININGS,
    *(f"score@{training.split('@')[-1]}" for training in TRAININGS),
)
# What differs from `make demo`: faces of the paper's size, so that a training takes minutes. The
# seconds that a stage costs a worker are few beside that.
CHANGES = {"crop": {"face_size": 48}, "train": {"epochs": 8, "batch_size": 64}}
# An address for each worker, as if each ran on a machine of its own.
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
UP_TO_DATE = "Data and pipelines are up to date."


def main():
    variants = {
        "one_after_the_other": lambda: measure("one_after_the_other", repro),
        "one_after_the_other_on_one_core": lambda: measure("one_core", on_one_core(repro)),
        "two_workers": lambda: measure("two_workers", two_workers),
        "three_workers": lambda: measure("three_workers", three_workers),
        "three_workers_one_killed": lambda: measure("killed", one_killed),
    }
    common.main("workers", __doc__, variants, compare)


def measure(name, run):
    """Makes the study anew, runs it and returns its seconds.

    Raises:
        CalledProcessError: If a stage fails.
        SystemExit: If `dvc repro` finds a stage that it has to run afterwards.
    """
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    make_study(folder)
    start = time.perf_counter()
    run(folder)
    seconds = time.perf_counter() - start
    again = repro(folder)
    if UP_TO_DATE not in again:
        raise SystemExit(f"{name}: dvc repro ran a stage again:\n{again}")
    return {"seconds": seconds}


def make_study(folder):
    """A git repository of the stages `CHAIN`, on drawn faces."""
    from ferd.sketch.archive import sketch_archive

    demo = yaml.safe_load((common.ROOT / "ferd/sketch/demo.yaml").read_text(encoding="utf-8"))
    copy_project(folder)
    override(folder / "params.yaml", demo["params"])
    override(folder / "params.yaml", CHANGES)
    keep(folder / "dvc.yaml", CHAIN)
    drop_unused(folder / "params.yaml", read_pipeline(folder / "dvc.yaml"))
    sketch_archive(folder / "data/source.zip", **demo["faces"])
    call(folder, "git", "init", "--quiet")
    call(folder, sys.executable, "-m", "dvc", "init", "--quiet")
    (folder / ".dvc/config").write_text(DVC_CONFIG.replace("    no_scm = True\n", ""))
    call(folder, sys.executable, "-m", "dvc", "add", "--quiet", "data/source.zip")
    call(folder, "git", "add", "--all")
    author = ("-c", "user.name=ferd", "-c", "user.email=ferd@localhost")
    call(folder, "git", *author, "commit", "--quiet", "--message", "A reduced study")


def repro(folder):
    return call(folder, sys.executable, "-m", "dvc", "repro")


def on_one_core(run):
    """The same on the first core that this process may use."""

    def started(folder):
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})
        run(folder)
        os.sched_setaffinity(0, cores)

    return started


def two_workers(folder):
    call(folder, sys.executable, "-m", "ferd.cluster", "--workers", "2")


def three_workers(folder):
    with cluster(folder, HOSTS) as address:
        call(folder, sys.executable, "-m", "ferd.cluster", "--scheduler", address)


def one_killed(folder):
    with cluster(folder, HOSTS) as address:
        command = (sys.executable, "-m", "ferd.cluster", "--scheduler", address)
        with subprocess.Popen(command, cwd=folder, env=environment()) as head:
            checkpoints = folder / ".dvc/cache/ferd/checkpoints"
            kill_a_busy_worker(address, checkpoints, lambda: head.poll() is None)
            if head.wait():
                raise subprocess.CalledProcessError(head.returncode, command)


def call(folder, *command):
    """Runs a command in a folder and returns what it prints; raises CalledProcessError."""
    options = {"cwd": folder, "env": environment(), "stdout": subprocess.PIPE, "text": True}
    return subprocess.run(command, check=True, **options).stdout


def environment():
    """With this Python first on the path, and the study's own checkpoints."""
    path = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    kept = {name: value for name, value in os.environ.items() if name != "FERD_CHECKPOINTS"}
    return {**kept, "PATH": path}


def compare(medians):
    """Times relative to `dvc repro`; how many files equal those of `dvc repro` on one core."""
    base = medians["one_after_the_other"]["seconds"]
    wanted = results(FOLDER / "one_core")
    equal = {}
    for name in ("two_workers", "three_workers", "killed", "one_after_the_other"):
        found = results(FOLDER / name)
        if set(found) != set(wanted):
            raise SystemExit(f"{name} wrote other files: {sorted(set(found) ^ set(wanted))}")
        equal[name] = sum(found[file] == wanted[file] for file in wanted)
    return {
        "times_one_after_the_other": {name: base / row["seconds"] for name, row in medians.items()},
        "files_as_on_one_core": equal,
        "files": len(wanted),
        "busy_cores": common.busy_cores(),
    }


def results(folder):
    """Dict of file in metrics/ and plots/ to its bytes; times differ, so costs are left out."""
    files = [*(folder / "metrics").rglob("*"), *(folder / "plots").rglob("*")]
    names = {str(file.relative_to(folder)): file for file in files if file.is_file()}
    return {
        name: file.read_bytes()
        for name, file in sorted(names.items())
        if not name.startswith("metrics/cost/") and file.name != ".gitignore"
    }


if __name__ == "__main__":
    main()
