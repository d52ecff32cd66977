"""A Dask scheduler and workers, each a process of its own, which a test may kill."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from distributed import Client

from tests.helpers.code import ROOT

DASK = (sys.executable, "-m", "dask")


def start(folder, *command, **pipes):
    """Starts a process in a folder; what it prints goes to processes.txt there."""
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": paths}
    with (folder / "processes.txt").open("ab") as log:
        options = {"cwd": folder, "env": environment, "stdout": log, "stderr": log, **pipes}
        # A shell lets what it starts in the background ignore SIGINT.
        return subprocess.Popen(
            command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options
        )


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@contextlib.contextmanager
def dask_processes(folder, hosts):
    """Address of a scheduler with a worker of one thread at each host, and all their processes."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
    port = address.rsplit(":", 1)[1]
    options = ("--port", port, "--no-dashboard", "--no-show")
    processes = [start(folder, *DASK, "scheduler", "--host", "127.0.0.1", *options)]
    for number, host in enumerate(hosts):
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--memory-limit", "0")
        options += ("--local-directory", str(folder / f"worker{number}"))
        processes.append(start(folder, *DASK, "worker", address, "--host", host, *options))
    try:
        with Client(address, timeout=60) as client:
            client.wait_for_workers(len(hosts), timeout=120)
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def busy_workers(address):
    """Process ids of the workers that have tasks now."""
    with Client(address) as client:
        numbers = client.run(os.getpid)
        return [numbers[worker] for worker, keys in client.processing().items() if keys]
