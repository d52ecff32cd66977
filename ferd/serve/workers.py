"""Several processes that answer on one port: uvicorn's own, which it replaces when they end."""

import os
import pickle
import signal
import sys
import tempfile
import threading
from multiprocessing import parent_process

from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

# What prometheus_client sums the processes' numbers by; it reads the name when it is imported.
SHARED = "PROMETHEUS_MULTIPROC_DIR"


class AppFactory:
    """Builds the application in a worker.

    It holds its arguments as bytes: a worker that unpickled the network itself would not answer
    its parent's first questions while it loads.

    Args:
        arguments: Those of `ferd.serve.app.make_app`.
    """

    def __init__(self, *arguments):
        self.content = pickle.dumps(arguments)

    def __call__(self):
        """The ASGI application."""
        from ferd.serve.app import make_app

        _end_with_parent()
        return make_app(*pickle.loads(self.content))


class Workers(Multiprocess):
    """uvicorn's workers; a line says when one is replaced."""

    ended_by = None

    def handle_int(self):
        """For Ctrl-C."""
        self.ended_by = signal.SIGINT
        super().handle_int()

    def handle_term(self):
        """For SIGTERM."""
        self.ended_by = signal.SIGTERM
        super().handle_term()

    def keep_subprocess_alive(self):
        """Replaces workers that ended or do not answer."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for old, new in zip(before, self.processes, strict=True):
            if old is not new:
                # What it had in work is lost; what it has counted stays.
                mark_process_dead(old.pid, os.environ[SHARED])
                line = f"worker {old.pid} ended ({old.process.exitcode}); another takes its place"
                print(f"ferd: {line}", file=sys.stderr, flush=True)


def run_workers(config, listener):
    """Runs the workers until Ctrl-C or SIGTERM, which then end this process as usual.

    Args:
        config: A `uvicorn.Config` whose application is an `AppFactory`.
        listener: The listening socket.

    Returns:
        Exit status, where the workers could not start.
    """
    with tempfile.TemporaryDirectory(prefix="ferd-") as folder:
        os.environ[SHARED] = folder
        workers = Workers(config, [listener])
        workers.run()
        del os.environ[SHARED]
    if workers.ended_by is None:
        return 1
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(workers.ended_by)


def _end_with_parent():
    """Ends this worker with SIGTERM when its parent was killed, else it would keep the port."""
    parent = parent_process()

    def wait():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()
