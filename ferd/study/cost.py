"""Measures the cost of a stage: seconds, peak memory and machine.

Costs have files of their own, because seconds differ in every run while scores do not.
"""

import platform
import resource
import time
from contextlib import contextmanager

from ferd.study.base.runtime import available_cores


@contextmanager
def measure_cost(path):
    """Measures a `with` block and writes what it cost if it ends without an error.

    Args:
        path: JSON file to write: metrics/cost/<stage>.json, or data/<run>/results/cost.json for a
            run, whose cost `score@<run>` copies to metrics/cost/.

    Yields:
        A dict to which the stage may add numbers and strings of its own.
    """
    # Imported here because it imports pandas, for which a stage's --help must not wait.
    from ferd.study.base.results import write_json

    values = {"seconds": 0.0, "peak_memory_gib": 0.0, "cores": available_cores()}
    values["machine"] = f"{platform.system()} {platform.machine()}, {processor()}"
    start = time.perf_counter()
    yield values
    values["seconds"] = round(time.perf_counter() - start, 1)
    values["peak_memory_gib"] = round(peak_memory_gib(), 2)
    write_json(path, values)


def peak_memory_gib():
    """Peak memory of this process plus that of its largest finished child, in GiB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    # Linux counts in KiB, macOS in bytes.
    unit = 2**30 if platform.system() == "Darwin" else 2**20
    return sum(resource.getrusage(one).ru_maxrss for one in who) / unit


def processor():
    """The processor's name from /proc/cpuinfo, or from Python where that is missing."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown processor"
