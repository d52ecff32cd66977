"""Times the commands of the README, each once, after the environment is installed.

Reads   Makefile
Writes  section `commands` of benchmarks/results.json: seconds of each command, and the machine;
        build/demo and build/demo-all are removed first, so that every stage runs
Run     make times    (or: python benchmarks/commands.py [demo] [demo-all] [test] [test-all])
Takes   about 25 minutes on 2 cores; wants a quiet machine
Expect  a line per command; README.md shows them after `python -m ferd.report`
"""

import argparse
import json
import shutil
import subprocess
import time

from common import RESULTS, ROOT, describe_machine, save

COMMANDS = ("demo", "demo-all", "test", "test-all")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commands", nargs="*", metavar="command", help=f"of {', '.join(COMMANDS)}")
    chosen = parser.parse_args().commands or COMMANDS
    if unknown := set(chosen) - set(COMMANDS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    subprocess.run(["make", ".venv/installed"], cwd=ROOT, check=True)
    # Written at the end: the tests compare README.md with the times that are written.
    times = {}
    for name in chosen:
        times[name] = timed(name)
        print(f"make {name}: {times[name]:.0f} s", flush=True)
    record(times)


def timed(name):
    """Seconds of `make NAME`.

    Raises:
        CalledProcessError: If it fails.
    """
    shutil.rmtree(ROOT / "build" / name, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(["make", name], cwd=ROOT, check=True)
    return time.perf_counter() - start


def record(times):
    """Puts the seconds of commands into benchmarks/results.json, beside those measured before."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    found = results.get("commands", {})
    found |= {name: measured(seconds) for name, seconds in times.items()}
    save("commands", {known: found[known] for known in COMMANDS if known in found})


def measured(seconds):
    """What is kept of a run: its seconds and the machine that it ran on."""
    machine = describe_machine()
    kept = ("processor", "cores", "instructions", "python")
    return {"seconds": round(seconds, 1), "machine": {key: machine[key] for key in kept}}


if __name__ == "__main__":
    main()
