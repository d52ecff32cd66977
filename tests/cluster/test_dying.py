"""ferd.cluster on a scheduler and three workers, each a process, on two addresses: what dies."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

from ferd.cluster import __main__ as cluster
from tests.helpers.code import ROOT
from tests.helpers.small_pipeline import STAGES, dvc, make_study, noted

pytestmark = pytest.mark.slow
DASK = (sys.executable, "-m", "dask")
SECONDS = 6.0


def start(folder, *command):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = (folder / "processes.txt").open("ab")
    options = {"cwd": folder, "env": environment, "stdout": log, "stderr": log}
    # A shell lets what it starts in the background ignore SIGINT.
    return subprocess.Popen(
        command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options
    )


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def scheduler(tmp_path):
    """Address of a scheduler with workers at 127.0.0.1 and 127.0.0.2, and their processes."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
    port = address.rsplit(":", 1)[1]
    options = ("--port", port, "--no-dashboard", "--no-show")
    processes = [start(tmp_path, *DASK, "scheduler", "--host", "127.0.0.1", *options)]
    for number, host in enumerate(("127.0.0.1", "127.0.0.1", "127.0.0.2")):
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--memory-limit", "0")
        options += ("--local-directory", str(tmp_path / f"worker{number}"))
        processes.append(start(tmp_path, *DASK, "worker", address, "--host", host, *options))
    with Client(address, timeout=60) as client:
        client.wait_for_workers(3, timeout=120)
    yield address, processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def study(tmp_path, monkeypatch):
    make_study(tmp_path / "study", tmp_path / "log", SECONDS)
    monkeypatch.chdir(tmp_path / "study")
    return tmp_path / "study"


def jobs():
    """Process ids of the stages of these tests that run now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"\0work.py\0" in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has ended
            continue
    return found


def test_a_worker_killed_in_a_stage_costs_that_stage_alone(scheduler, study, tmp_path):
    address, (_, *workers) = scheduler
    command = (sys.executable, "-m", "ferd.cluster", "--scheduler", address)
    head = start(study, *command)
    wait_until(lambda: "left" in noted(tmp_path / "log") and "right" in noted(tmp_path / "log"))
    with Client(address) as client:
        busy = {pid for pid in client.run(os.getpid, nanny=False).values()}
        calls = client.processing()
    (killed,) = [
        process
        for process in workers
        if any("left" in key for key in calls.get(address_of(process, address), ()))
    ]
    assert killed.pid in busy and len(jobs()) == 2
    killed.send_signal(signal.SIGKILL)
    # Its stage ends with it, and starts again elsewhere.
    wait_until(lambda: noted(tmp_path / "log").count("left") == 2)
    assert len(jobs()) <= 2
    assert head.wait(120) == 0, (study / "processes.txt").read_text()
    assert noted(tmp_path / "log") == sorted([*STAGES, "left"])
    assert noted(tmp_path / "log", "end") == sorted(STAGES)
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."


def address_of(process, scheduler):
    with Client(scheduler) as client:
        pids = client.run(os.getpid, nanny=False)
    (found,) = [address for address, pid in pids.items() if pid == process.pid]
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stages_end_with_the_head_and_the_next_head_goes_on(scheduler, study, tmp_path, number):
    address, _ = scheduler
    command = (sys.executable, "-m", "ferd.cluster", "--scheduler", address)
    head = start(study, *command)
    wait_until(lambda: "left" in noted(tmp_path / "log") and "right" in noted(tmp_path / "log"))
    head.send_signal(number)
    head.wait(60)
    assert head.returncode != 0
    wait_until(lambda: not jobs(), 60)
    assert noted(tmp_path / "log", "end") == ["first"]
    (tmp_path / "log").unlink()
    with Client(address) as client:
        cluster.run_study(client)
    assert noted(tmp_path / "log") == ["last", "left", "right"]
    assert dvc(study, "status").strip() == "Data and pipelines are up to date."
