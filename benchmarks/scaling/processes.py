"""Starts a Dask scheduler and workers as processes of their own, and kills one."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time


@contextlib.contextmanager
def cluster(folder, hosts):
    """Address of a scheduler with a worker of one thread at each host.

    Args:
        folder: Where the workers keep their files.
        hosts: Addresses of this machine, such as 127.0.0.2.
    """
    from distributed import Client

    with socket.socket() as one:
        one.bind((hosts[0], 0))
        port = one.getsockname()[1]
    address = f"tcp://{hosts[0]}:{port}"
    with contextlib.ExitStack() as stack:
        start(stack, "scheduler", "--host", hosts[0], "--port", str(port), "--no-show")
        for number, host in enumerate(hosts):
            place = str(folder.parent / f"{folder.name}-worker{number}")
            options = ("--host", host, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
            start(stack, "worker", address, *options, "--local-directory", place)
        with Client(address, timeout=60) as client:
            client.wait_for_workers(len(hosts), timeout=120)
        yield address


def start(stack, *command):
    """Starts a process of Dask that ends with the block."""
    command = (sys.executable, "-m", "dask", *command, "--no-dashboard")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = stack.enter_context(subprocess.Popen(command, **quiet))
    stack.callback(process.kill)


def kill_a_busy_worker(address, checkpoints, runs):
    """Waits until a training has a checkpoint, and kills a worker that runs a stage, by SIGKILL.

    Args:
        address: Of the scheduler.
        checkpoints: Folder of the trainings' checkpoints.
        runs: Function that says whether the study still runs.

    Raises:
        SystemExit: If the study ended before.
    """
    from distributed import Client

    while runs():
        time.sleep(1)
        if list(checkpoints.rglob("state.npz")):
            with Client(address) as client:
                numbers = client.run(os.getpid)
                busy = [numbers[worker] for worker, keys in client.processing().items() if keys]
            if busy:
                os.kill(busy[0], signal.SIGKILL)
                return
    raise SystemExit("the study ended before a worker was killed")
