"""Runs a command as a process and measures it: a crash is a result, and no end of the tests."""

import os
import signal
import subprocess
import sys
import threading
from typing import NamedTuple

from tests.helpers.predicting import environment

MOST_MEMORY = 2 << 30
# The peak memory of a process counts that of the process which started it, and tests may have taken
# much. So a small one starts the command, and writes its status and peak.
STARTER = """
import os, subprocess, sys
started = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(started.pid, 0)
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=file)
"""


class Ended(NamedTuple):
    """How a process ended: exit status (below 0 a signal), output, errors and peak memory."""

    status: int
    output: str
    errors: str
    memory: int

    def check(self):
        """It ended by itself, with no traceback and no more memory than allowed."""
        assert self.status >= 0, f"ended by signal {-self.status}; {self.errors[-3000:]}"
        assert "Traceback" not in self.errors, self.errors[-5000:]
        assert self.memory < MOST_MEMORY
        return self


def run(words, folder, seconds):
    """Runs a command in a folder; one that takes longer is killed.

    Args:
        words: The command.
        folder: Where it runs and where its output is kept.
        seconds: How long it may take.

    Returns:
        An `Ended`.
    """
    places = [folder / "stdout.txt", folder / "stderr.txt"]
    ended = folder / "ended.txt"
    with places[0].open("wb") as output, places[1].open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", STARTER, str(ended), *words],
            cwd=folder,
            env=environment(),
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        timer = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        process.wait()
        timer.cancel()
    texts = [place.read_text(encoding="utf-8", errors="replace") for place in places]
    if process.returncode:  # killed
        return Ended(process.returncode, *texts, 0)
    status, peak = map(int, ended.read_text(encoding="utf-8").split())
    return Ended(status, *texts, peak * 1024)
