"""Starts `ferd serve` for a benchmark, and watches its memory and how fast /healthz is answered."""

import contextlib
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from serving.health import ask

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.5  # seconds between two looks at the memory


@contextlib.contextmanager
def running(*options):
    """Starts the server with further options; yields its process and its port."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["serve", "--port", "0", "--model", str(model(Path(folder))), *map(str, options)]
        with subprocess.Popen(
            [sys.executable, "-m", "ferd", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                port = int(re.search(r":(\d+)/", server.stdout.readline())[1])
                ask(port)  # answered when the network is loaded
                yield server.pid, port
            finally:
                server.terminate()


def model(folder):
    """The network `improved`, or the tests' tiny one, written into the folder."""
    from ferd.inference.classifier import MODELS
    from tests.helpers.predicting import write_model

    file = MODELS / "ferd.onnx"
    return file if file.exists() else write_model(folder / "tiny.onnx")


class Memory(threading.Thread):
    """The peak memory of a process and its descendants; what they share counts once.

    Args:
        process: Its number.
    """

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.peak, self._end = process, 0.0, threading.Event()

    def run(self):
        """Looks until `stop`."""
        while not self._end.wait(PAUSE):
            self.peak = max(self.peak, proportional_mib(self.process))

    def stop(self):
        """Ends the thread; returns the peak in MiB."""
        self._end.set()
        self.join()
        return self.peak


class OtherWork:
    """Counts the cores that other processes use: with them the times are too long."""

    def __init__(self):
        self.start = time.monotonic(), _others()

    def busy_cores(self):
        """Their mean since the start."""
        begun, seconds = self.start
        return (_others() - seconds) / (time.monotonic() - begun)


def _others():
    """Seconds that processes have computed, without this one and its descendants."""
    import psutil

    cores, this = psutil.cpu_times(), psutil.Process()
    seconds = cores.user + cores.nice + cores.system + cores.irq + cores.softirq
    for one in (this, *this.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # then its parent has its seconds
            used = one.cpu_times()
            seconds -= used.user + used.system + used.children_user + used.children_system
    return seconds


def proportional_mib(process):
    """Proportional set size of a process and its descendants in MiB."""
    import psutil

    total = 0
    top = psutil.Process(process)
    for one in (top, *top.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # it has just ended
            total += one.memory_full_info().pss
    return total / 2**20


@contextlib.contextmanager
def watched(port, seconds):
    """Asks for /healthz in a process of its own; yields a dict that is filled at the end."""
    words = [sys.executable, Path(__file__).with_name("health.py"), str(port), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as asking:
        found = {}
        yield found
        found |= json.loads(asking.stdout.read())
