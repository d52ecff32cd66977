"""What a Dask worker does: keeps a clone of the commit, and runs a stage in it as a process.

Dask sends this module's code to the workers, so it imports nothing of ferd.
"""

import contextlib
import hashlib
import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

# Seconds between two looks at whether the stage has ended or is still wanted.
PAUSE = 0.2
# Lines of a failed stage's output that go back to the head.
SHOWN = 30
# The epoch at which trials are first compared, then 4 and 16 times that. Earlier ones say little:
# a recipe warms up for 3, and is validated with weights averaged over about 5.
FIRST_EPOCH = 5
# What Dask sets for its own threads. A stage has its own rule, by the cores that it may use.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def run_on_worker(task, source, job):
    """Runs a stage in this worker's clone and waits for its end.

    Args:
        task: Dask's key of this call.
        source: Dict of `url` (of the head's repository), `commit`, `config` (of DVC in a clone),
            `user` (name and address that git needs for a commit), `checkpoints` (folder; a trial's
            own one in it is deleted when the trial has ended), `folder` (for clones; None:
            temporary) and `places` (from `ferd.cluster.head.places_of`).
        job: For `ferd.cluster.job`. A trial has `trial`, its id in `journal` of `source`.

    Returns:
        Dict of `entry` (of dvc.lock, or the trial's score; None where it failed), `seconds`,
        `where` (the machine), `log` (last lines of what failed), `pruned` (ended by Optuna).
    """
    from distributed import get_worker

    worker, start = get_worker(), time.monotonic()
    clone = clone_of(source, Path(source["folder"] or worker.local_directory))
    checkpoints = Path(source["checkpoints"], job.get("experiment", ""))
    with tempfile.TemporaryDirectory() as folder:
        result, log = Path(folder, "entry.json"), Path(folder, "log.txt")
        cores = cores_of(source["places"].get(worker.address))
        line = json.dumps({**job, "cores": cores, "result": str(result), "url": source["url"]})
        pruning = Pruning(source["journal"], job, log) if "trial" in job else None

        def wanted():
            return is_wanted(worker, task) and not (pruning and pruning.is_due())

        status = run_job(clone, line, log, environment(checkpoints), wanted)
        failed, pruned = status != 0, bool(pruning and pruning.due)
        entry = None if failed else json.loads(result.read_text())
        last = log.read_text(errors="replace").splitlines()[-SHOWN:] if failed else []
    if status < 0:
        # What was killed may have left half a file, or a lock of git, in there.
        shutil.rmtree(clone, ignore_errors=True)
    if pruning and (pruned or not failed):
        shutil.rmtree(checkpoints, ignore_errors=True)
    found = {"entry": entry, "log": last, "pruned": pruned, "where": socket.gethostname()}
    return {**found, "seconds": time.monotonic() - start}


def clone_of(source, folder):
    """Path of the clone of this worker's thread, checked out at the commit.

    Args:
        source: As in `run_on_worker`.
        folder: Where clones are made.

    Raises:
        CalledProcessError: If git fails.
    """
    kind = hashlib.sha256(f"{source['url']} {source['config']}".encode()).hexdigest()[:8]
    name = f"clone-{kind}-{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
    clone = folder / name
    if not clone.exists():
        # Under another name until it is whole: a worker may die in between.
        unfinished = folder / f"{name}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        git(folder, "clone", "--quiet", "--no-checkout", source["url"], str(unfinished))
        (unfinished / ".dvc").mkdir()
        (unfinished / ".dvc" / "config.local").write_text(source["config"])
        for key, value in source["user"].items():
            git(unfinished, "config", key, value)
        unfinished.rename(clone)
    if git(clone, "rev-parse", "HEAD").strip() != source["commit"]:
        git(clone, "fetch", "--quiet", source["url"], source["commit"])
    # Always, because the last stage may have left other files behind.
    git(clone, "checkout", "--quiet", "--force", "--detach", source["commit"])
    git(clone, "clean", "--quiet", "--force", "-d")
    return clone


def git(folder, *arguments):
    """Runs git in a folder and returns what it prints."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def environment(checkpoints):
    """The environment of a stage: this Python first on the path, and a folder for checkpoints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {key: value for key, value in os.environ.items() if key not in THREADS}
    return {**own, "PATH": path, "FERD_CHECKPOINTS": str(checkpoints)}


def allowed_cores():
    """Numbers of the cores that this process may use, in order; none on macOS."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def cores_of(place):
    """Numbers of the cores of a worker: an equal part of those that it shares with others.

    Args:
        place: From `ferd.cluster.head.places_of`; None, for one that came later: all cores.
    """
    if place is None:
        return []
    (number, workers), cores = place, allowed_cores()
    share = len(cores) // workers
    return cores[number * share : (number + 1) * share] if share else []


def run_job(clone, line, log, environment, wanted):
    """Runs `ferd.cluster.job` until it ends, or kills it when it is not wanted any more.

    Args:
        clone: Where it runs.
        line: JSON that it reads.
        log: File for its output.
        environment: Its environment.
        wanted: Function that says whether the stage is still to be run.

    Returns:
        Its exit status, negative for a signal.
    """
    command = [sys.executable, "-m", "ferd.cluster.job"]
    with log.open("wb") as file:
        options = {"cwd": clone, "env": environment, "stdout": file, "stderr": file}
        # A session of its own, so that the job can end its whole group.
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, **options
        ) as process:
            # A job that could not start has closed the pipe; its log says why.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
            while process.poll() is None:
                if not wanted():
                    process.stdin.close()  # at which the job ends itself and its children
                    process.wait()
                    break
                time.sleep(PAUSE)
            return process.returncode


class Pruning:
    """Reports the best epoch so far of a trial to Optuna, and asks whether it is to end early.

    Args:
        journal: File of Optuna's storage.
        job: Dict of `experiment`, `<sweep>-<number>`, `trial`, the id in the storage, and
            `watched`, what is reported of an epoch: val_accuracy or val_loss.
        log: File of the training's output, with Keras' line for each epoch.
    """

    def __init__(self, journal, job, log):
        import optuna
        from optuna.storages.journal import JournalFileBackend

        storage = optuna.storages.JournalStorage(JournalFileBackend(journal))
        name = job["experiment"].rsplit("-", 1)[0]
        pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=FIRST_EPOCH)
        study = optuna.load_study(study_name=name, storage=storage, pruner=pruner)
        self.trial = optuna.Trial(study, job["trial"])
        known = storage.get_trial(job["trial"]).intermediate_values
        self.best = max(known.values(), default=-math.inf)
        self.log, self.reported, self.due = log, 0, False
        # What Keras prints after each epoch; without the space a part of a number would be read.
        self.line = re.compile(rf"^Epoch (\d+)/.*?\b{job['watched']}: (\S+)\s", re.M | re.S)
        self.sign = -1 if "loss" in job["watched"] else 1

    def is_due(self):
        """Whether the trial is to end."""
        found = self.line.findall(self.log.read_text(errors="replace"))
        for epoch, value in found[self.reported :]:
            self.reported += 1
            # The study maximizes.
            self.best = max(self.best, self.sign * float(value))
            self.trial.report(self.best, int(epoch))
            self.due = self.due or self.trial.should_prune()
        return self.due


def is_wanted(worker, task):
    """Whether the head still waits for a task. Dask marks one as cancelled when nobody does."""
    state = worker.state.tasks.get(task)
    return state is not None and state.state != "cancelled"
