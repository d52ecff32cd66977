"""`ferd serve` and clients that hold it up: is /healthz answered, and what does a usual client get?

Reads   ferd/models/ferd.onnx, or the tests' tiny network if it is missing
Writes  section `pressure` of benchmarks/results.json
Run     python benchmarks/pressure.py [--rounds 3]     (make bench runs all; FERD_SECONDS=6 in
        the environment for a short run)
Takes   about 8 minutes
Expect  every /healthz answered in less than a second, and no error
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import common
from serving.server import Memory, OtherWork, running, watched

SECONDS = float(os.environ.get("FERD_SECONDS", 30))
ATTACKERS = Path(__file__).parent / "serving/attackers.py"


def pressure(kind):
    """The figures of one run: connections, /healthz, memory, and a client with small photos."""
    from tests.helpers.serving import packed
    from tests.helpers.sketches import face

    photo = packed(face("happy", 100, 240))
    with running() as (process, port):
        words = [sys.executable, str(ATTACKERS), kind, str(port), str(SECONDS)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as attackers:
            attackers.stdout.readline()  # their files are made
            memory = Memory(process)
            memory.start()
            others = OtherWork()
            with watched(port, SECONDS) as health:
                usual = usual_client(port, photo)
            made = json.loads(attackers.stdout.read())
            made["busy_cores"] = others.busy_cores()
        return made | usual | health | {"peak_mib": memory.stop()}


def usual_client(port, photo):
    """What a client gets that posts a photo every half second."""
    from tests.helpers.serving import predict

    end = time.monotonic() + SECONDS
    statuses, times = [], []
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            statuses.append(predict(port, photo)[0])
        except OSError:
            statuses.append(0)
        times.append(1000 * (time.perf_counter() - start))
        time.sleep(0.5)
    return {
        "usual_photos": len(statuses),
        "usual_photos_predicted": statuses.count(200),
        "usual_photos_refused_as_busy": statuses.count(503),
        "usual_milliseconds_at_most": max(times),
    }


def compare(medians):
    """Whether the goal is met: the slowest answer of /healthz under all of these."""
    slowest = max(row["healthz_milliseconds_at_most"] for row in medians.values())
    busy = max(row["busy_cores"] for row in medians.values())
    return {"slowest_healthz_milliseconds": slowest, "busy_cores": busy}


if __name__ == "__main__":
    variants = {
        kind: (lambda kind=kind: pressure(kind)) for kind in ("connections", "scans", "slow_photos")
    }
    common.main("pressure", __doc__, variants, compare)
