"""What a stage cost: seconds, peak memory and machine, kept apart from its scores.

Scores are the same in every run of the same code on the same machine; seconds never are. In a file
of their own they cannot make `dvc metrics diff` or an md5 say that a result changed.
"""

import os
import platform
import resource
import time
from contextlib import contextmanager


@contextmanager
def measure_cost(stage):
    """Measures the block and writes metrics/cost/<stage>.json when it ends without an error.

    Args:
        stage: The stage's name.

    Yields:
        A dict to which the stage may add numbers and strings of its own.
    """
    # Here and not above: it brings pandas, and a stage's --help must not wait for that.
    from ferd.results import write_metrics

    values = {"seconds": 0.0, "peak_memory_gib": 0.0, "cores": os.cpu_count()}
    values["machine"] = f"{platform.system()} {platform.machine()}, {processor()}"
    start = time.perf_counter()
    yield values
    values["seconds"] = round(time.perf_counter() - start, 1)
    values["peak_memory_gib"] = round(peak_memory_gib(), 2)
    write_metrics(f"metrics/cost/{stage}.json", values)


def peak_memory_gib():
    """Largest resident size of this process plus that of its largest finished child, in GiB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    # Linux counts in KiB, macOS in bytes.
    unit = 2**30 if platform.system() == "Darwin" else 2**20
    return sum(resource.getrusage(one).ru_maxrss for one in who) / unit


def processor():
    """The processor's name as /proc/cpuinfo gives it, else what Python knows."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown processor"
