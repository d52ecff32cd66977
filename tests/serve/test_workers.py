"""`ferd serve --workers 2`: both answer, count together, are replaced and end together."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.predicting import PHOTO, environment, heed_ctrl_c, write_model
from tests.helpers.serving import ask, json_of, packed, predict

HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
# A worker that a test stops is not replaced meanwhile.
PATIENT = """
import sys
from ferd.cli.main import main
from ferd.serve import serving
serving.WORKER_SECONDS = 600
sys.exit(main(sys.argv[1:]))
"""
BEGUN = HEAD + b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n"


@contextlib.contextmanager
def two_workers(folder, *python):
    """Yields the process, and its port."""
    model = write_model(folder / "tiny.onnx")
    words = ["serve", "--workers", "2", "--threads", "1", "--port", "0", "--model", model]
    with subprocess.Popen(
        [sys.executable, *python, *words],
        env=environment(TMPDIR=str(folder)),
        preexec_fn=heed_ctrl_c,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, int(re.search(r":(\d+)/", process.stdout.readline())[1])
        finally:
            process.terminate()


def spawned(process, **options):
    """Numbers of the worker processes; with `recursive` of their decoders too."""
    found = []
    for child in psutil.Process(process.pid).children(**options):
        with contextlib.suppress(psutil.Error):  # it has just ended
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child.pid)
    return found


def wait_until(condition):
    end = time.monotonic() + 120
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return value


def two(process):
    return wait_until(lambda: len(found := spawned(process)) == 2 and found)


@contextlib.contextmanager
def stopped(worker):
    """The other worker alone answers meanwhile."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def counted(port):
    families = text_string_to_metric_families(ask(port, "GET", "/metrics")[2].decode())
    return {
        (one.name, *one.labels.values()): one.value for family in families for one in family.samples
    }


def test_both_count_together_and_one_that_is_killed_is_replaced(tmp_path):
    with two_workers(tmp_path, "-c", PATIENT) as (process, port):
        first, second = two(process)
        for other in (first, second):
            with stopped(other):
                status, answer = predict(port, packed(PHOTO))
                assert status == 200 and json_of(ask(port, "GET", "/healthz"))["status"] == "ok"
        found = counted(port)
        assert found["ferd_answers_total", "/predict", "200"] == 2
        assert found["ferd_faces_total",] == 2 * len(answer["faces"]) > 0

        with stopped(second), socket.create_connection(("127.0.0.1", port)) as upload:
            upload.sendall(BEGUN)
            assert upload.recv(4096).startswith(b"HTTP/1.1 100 ")
            assert counted(port)["ferd_photos",] == 1
            os.kill(first, signal.SIGKILL)
        wait_until(lambda: first not in spawned(process) and len(spawned(process)) == 2)
        with stopped(second):
            assert predict(port, packed(PHOTO))[0] == 200
        found = counted(port)
        assert found["ferd_answers_total", "/predict", "200"] == 3
        assert found["ferd_photos",] == 0
        process.terminate()
        line = f"ferd: worker {first} ended (-9); another takes its place\n"
        assert process.stderr.read() == line


@pytest.mark.parametrize(
    "number, status",
    [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_all_processes_end_and_give_the_port_back(number, status, tmp_path):
    with two_workers(tmp_path, "-m", "ferd") as (process, port):
        wait_until(lambda: len(spawned(process, recursive=True)) == 4)  # with their decoders
        assert predict(port, packed(PHOTO))[0] == 200
        everyone = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        process.wait(60)
        wait_until(lambda: not any(one.is_running() for one in everyone))
        assert process.stderr.read() == ""
    assert process.returncode == status
    with socket.create_server(("127.0.0.1", port)):
        pass
    # A killed process leaves its folder of counts.
    left = [file.name for file in tmp_path.iterdir() if file.name.startswith("ferd-")]
    assert len(left) == (number == signal.SIGKILL)
