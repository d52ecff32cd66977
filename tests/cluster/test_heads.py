"""ferd.cluster: one head at a time, what a clone is told, and who shares which cores."""

import errno
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from distributed import Client, LocalCluster
from dvc.repo import Repo

from ferd.cluster import connect, head, worker
from tests.helpers.code import ROOT
from tests.helpers.small_pipeline import make_study

HOLD = """
import sys, time
from pathlib import Path
from ferd.cluster.connect import only_head
with only_head(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_head_is_refused_until_the_first_has_died(tmp_path):
    journal = tmp_path / "folder" / "one.journal"
    command = [sys.executable, "-c", HOLD, str(journal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(SystemExit, match=f"process {other.pid} on {os.uname().nodename}"):
            connect.only_head(journal).__enter__()
        other.kill()
    with connect.only_head(journal), pytest.raises(SystemExit, match=f"process {os.getpid()} "):
        connect.only_head(journal).__enter__()
    with connect.only_head(journal):
        pass


def test_a_file_system_without_locks_is_used_all_the_same(tmp_path, monkeypatch, capsys):
    def flock(file, flags):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("fcntl.flock", flock)
    with connect.only_head(tmp_path / "one.journal"):
        assert "one.lock cannot be locked" in capsys.readouterr().err


def test_a_clone_has_the_user_s_settings_of_dvc(tmp_path, monkeypatch):
    make_study(tmp_path / "study", tmp_path / "log")
    monkeypatch.chdir(tmp_path / "study")
    lines = ["[cache]", "shared = group", "type = reflink,copy", "dir = ../../cache"]
    lines += ["[core]", "hardlink_lock = true", "checksum_jobs = 3", "autostage = true"]
    lines += ["[parsing]", "list = append", "['remote \"mine\"']", "url = /secret", ""]
    (tmp_path / "study/.dvc/config.local").write_text("\n".join(lines))
    source = connect.source_of(Repo(), "0" * 40)
    assert "secret" not in source["config"] and "autostage" not in source["config"]
    (tmp_path / "study/.dvc/config.local").write_text(source["config"])
    config = Repo().config
    assert config["cache"]["dir"] == str(tmp_path / "cache")
    assert config["cache"]["shared"] == "group" and config["cache"]["type"] == ["reflink", "copy"]
    assert config["core"]["hardlink_lock"] and config["core"]["checksum_jobs"] == 3
    assert config["parsing"] == {"list": "append"}
    assert (tmp_path / "cache/ferd/checkpoints").stat().st_mode & 0o7777 == 0o2775


def client_of(cores):
    """Like a client of workers, of which each may use some cores."""
    asked = []

    def run(function, workers, on_error):
        asked.append(list(workers))
        return {address: cores[address] for address in workers}

    info = {"workers": dict.fromkeys(cores)}
    return SimpleNamespace(scheduler_info=lambda n_workers: info, run=run, asked=asked)


def test_only_workers_that_may_use_the_same_cores_share_them():
    a, b, c, d, e = (f"tcp://{host}" for host in ("h:1", "h:2", "h:3", "h:4", "i:1"))
    client = client_of({a: [0, 1], b: [0, 1], c: [2], d: [3], e: [0, 1]})
    known = {}
    places = {a: (0, 2), b: (1, 2), c: (0, 1), d: (0, 1), e: (0, 1)}
    assert head.places_of(client, known) == places
    # Asked once.
    assert head.places_of(client, known) == places and client.asked == [[a, b, c, d, e]]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux only")
def test_workers_with_cores_of_their_own_keep_them(tmp_path):
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        pytest.skip("one core")
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--memory-limit", "0")
    with LocalCluster(n_workers=0, dashboard_address=None) as local, Client(local) as client:
        command = [sys.executable, "-m", "dask", "worker", local.scheduler_address, *options]
        own = [
            subprocess.Popen(
                command, cwd=tmp_path, preexec_fn=lambda core=core: os.sched_setaffinity(0, {core})
            )
            for core in allowed[:2]
        ]
        client.wait_for_workers(2, timeout=120)
        places = head.places_of(client, {})
        given = client.run(lambda dask_worker: worker.cores_of(places[dask_worker.address]))
        assert sorted(given.values()) == [[allowed[0]], [allowed[1]]]
        for process in own:
            process.terminate()
            process.wait()
