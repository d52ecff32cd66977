"""ferd.cluster on a scheduler and three workers, each a process, on two addresses: what dies."""

import os
import signal
import sys
from pathlib import Path

import pytest
from distributed import Client

from ferd.cluster import __main__ as cluster
from tests.helpers.dask_processes import dask_processes, start, wait_until
from tests.helpers.small_pipeline import STAGES, dvc, make_study, noted

pytestmark = pytest.mark.slow
SECONDS = 6.0


@pytest.fixture
def scheduler(tmp_path):
    """Address of a scheduler with workers at 127.0.0.1 and 127.0.0.2, and their processes."""
    with dask_processes(tmp_path, ("127.0.0.1", "127.0.0.1", "127.0.0.2")) as started:
        yield started


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
