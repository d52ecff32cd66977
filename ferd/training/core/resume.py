"""Resumes a killed training at its last epoch, with the result of an uninterrupted one."""

import hashlib
import json
import os
import shutil
import socket
import sys
import time
from pathlib import Path

import keras
import numpy as np
from zc.lockfile import LockError, LockFile

# Beyond any last epoch: a run killed after early stopping trains no further.
STOPPED = 10**9


def run_key(settings, *arrays):
    """A key for a training, made from everything that determines its result.

    Args:
        settings: JSON-able params.
        *arrays: The data.

    Returns:
        16 hex digits over the settings, the data and the source of every loaded `ferd` module and
        of the script itself, so a checkpoint of other params, code or data is never used.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    modules = {name: module for name, module in sys.modules.items() if name.startswith("ferd.")}
    modules["__main__"] = sys.modules["__main__"]
    for _, module in sorted(modules.items()):
        if getattr(module, "__file__", None):
            digest.update(Path(module.__file__).read_bytes())
    for array in arrays:
        digest.update(f"{array.shape} {array.dtype}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]


class ResumeCheckpoint(keras.callbacks.Callback):
    """Saves model, optimizer and callbacks after each epoch and restores them at the start.

    It must be the last callback: the others reset themselves when training begins, and their state
    is restored after that.

    A training that another process already runs with the same checkpoint is not begun.

    Args:
        folder: Folder for checkpoints, outside DVC's outs (DVC deletes those before a rerun).
        callbacks: Callbacks whose numbers (best value, epochs waited) belong to the state.
        batches: A `Batches`, whose epoch is set before each epoch.

    Raises:
        SystemExit: When training begins, if another process has begun it.
    """

    def __init__(self, folder, callbacks=(), batches=None):
        super().__init__()
        self.file = Path(folder) / "state.npz"
        self.callbacks, self.batches = list(callbacks), batches
        self.resumed_at, self.history, self.seconds = 0, {}, 0.0
        self.lock = None

    def peek(self):
        """Epochs already done, for `fit(initial_epoch=...)`: 0 for none, `STOPPED` after a stop."""
        if not self.file.exists():
            return 0
        with np.load(self.file) as state:
            notes = json.loads(str(state["notes"]))
        return STOPPED if notes["stopped"] else notes["epochs_done"]

    def on_train_begin(self, logs=None):
        self._take_lock()
        self.clock = time.perf_counter()
        if not self.file.exists():
            return
        with np.load(self.file) as state:
            notes = json.loads(str(state["notes"]))
            # An optimizer has no variables for its moments before its first step.
            self.model.optimizer.build(self.model.trainable_variables)
            for index, variable in enumerate(self._variables()):
                variable.assign(state[f"variable_{index}"])
            for callback, numbers in zip(self.callbacks, notes["callbacks"], strict=True):
                vars(callback).update(numbers)
            self._restore_best(state)
        self.resumed_at, self.history = notes["epochs_done"], notes["history"]
        self.seconds = notes["seconds"]

    def on_epoch_begin(self, epoch, logs=None):
        if self.batches is not None:
            self.batches.start_epoch(epoch)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        now = time.perf_counter()
        self.seconds, self.clock = round(self.seconds + now - self.clock, 1), now
        notes = {
            "epochs_done": epoch + 1,
            "stopped": bool(self.model.stop_training),
            "history": self.history,
            "seconds": self.seconds,
            "callbacks": [_numbers(callback) for callback in self.callbacks],
        }
        arrays = {f"variable_{index}": np.array(v) for index, v in enumerate(self._variables())}
        for number, callback in enumerate(self.callbacks):
            for index, array in enumerate(getattr(callback, "best_weights", None) or []):
                arrays[f"best_{number}_{index}"] = array
        partial = self.file.with_suffix(".partial.npz")
        np.savez(partial, notes=json.dumps(notes), **arrays)
        os.replace(partial, self.file)

    def clear(self):
        """Deletes the checkpoint; called after the results are written."""
        shutil.rmtree(self.file.parent, ignore_errors=True)
        if self.lock:
            self.lock.close()

    def _take_lock(self):
        file = self.file.with_name("lock")
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.lock = LockFile(str(file), content_template="process {pid} on {hostname}")
        except LockError as error:
            other = file.read_text(encoding="utf-8").strip()
            # Not so where the file system has no locks, or in a notebook after an interrupt.
            held = isinstance(error.__context__, (BlockingIOError, PermissionError))
            if held and other != f"process {os.getpid()} on {socket.gethostname()}":
                raise SystemExit(f"this training is already being run by {other}") from None

    def _restore_best(self, state):
        for number, callback in enumerate(self.callbacks):
            count = sum(name.startswith(f"best_{number}_") for name in state.files)
            if count:
                callback.best_weights = [state[f"best_{number}_{index}"] for index in range(count)]

    def _variables(self):
        # model.variables includes the dropout layers' seed states, so the noise continues.
        return [*self.model.variables, *self.model.optimizer.variables]


def _numbers(callback):
    kinds = (int, float, np.integer, np.floating)
    plain = {k: v for k, v in vars(callback).items() if isinstance(v, kinds)}
    return {k: v if isinstance(v, (bool, int)) else float(v) for k, v in plain.items()}


def checkpoint_root():
    """The folder of unfinished trainings, which outlives a killed run.

    Returns:
        $FERD_CHECKPOINTS if set, else .checkpoints/ in this folder. A queued `dvc exp run` works in
        a folder below .dvc/tmp/exps/, which DVC deletes even if the run was killed; there it is
        .checkpoints/ of the repository of that .dvc.
    """
    if "FERD_CHECKPOINTS" in os.environ:
        return Path(os.environ["FERD_CHECKPOINTS"])
    here = Path.cwd().parts
    for depth in range(len(here) - 3):
        if here[depth : depth + 3] == (".dvc", "tmp", "exps"):
            return Path(*here[:depth], ".checkpoints")
    return Path(".checkpoints")
