"""Runs benchmarks: variants take turns in fresh processes, and medians are written.

`python benchmarks/<name>.py --variant <variant>` measures one variant once and prints a line of
JSON. Taking turns spreads other load of the machine over all variants. With a fresh process each
time, caches and threads of one variant do not affect the next.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ferd.study.base.runtime import set_environment  # noqa: E402

set_environment()
RESULTS = ROOT / "benchmarks" / "results.json"
PACKAGES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "dlib-bin", "pycaret")


def main(name, doc, variants, compare):
    """The command line of a benchmark.

    Args:
        name: Its name and section of results.json.
        doc: The script's docstring.
        variants: Dict of variant to a function that measures it once and returns numbers.
        compare: Function of dict of variant to medians; returns the section's further figures.
    """
    arguments = read_arguments(doc, variants)
    if arguments.variant:
        print(json.dumps(variants[arguments.variant]()))
        return
    rounds = take_turns(name, list(variants), arguments.rounds)
    medians = {variant: median_of(rows) for variant, rows in rounds.items()}
    section = {"rounds": arguments.rounds, "median": medians, **compare(medians)}
    save(name, {**section, "all": rounds, "machine": describe_machine()})
    print(json.dumps(section, indent=2))


def read_arguments(doc, variants, rounds=3):
    """The options of a benchmark's command: `variant`, or None, and `rounds`.

    Args:
        doc: The script's docstring.
        variants: Names of its variants.
        rounds: Their usual number.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variant", choices=variants, help="measure one variant once, print JSON")
    parser.add_argument("--rounds", type=int, default=rounds)
    return parser.parse_args()


def take_turns(name, variants, rounds):
    """Runs every variant once per round in its own process; dict of variant to results."""
    results = {variant: [] for variant in variants}
    for number in range(rounds):
        for variant in variants:
            command = [
                sys.executable,
                str(ROOT / "benchmarks" / f"{name}.py"),
                "--variant",
                variant,
            ]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if ended.returncode:
                raise SystemExit(f"{' '.join(command)} failed:\n{ended.stderr[-3000:]}")
            results[variant].append(json.loads(ended.stdout.splitlines()[-1]))
            print(f"round {number + 1}, {variant}: {results[variant][-1]}", flush=True)
    return results


def median_of(rows):
    """Median of each number over the rounds."""
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def save(name, section):
    """Puts a section into benchmarks/results.json."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[name] = section
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=2) + "\n")


def save_of_data(name, section):
    """As `save`, of a section that was measured on the data of this study and on no other."""
    source = json.loads((ROOT / "metrics/details/fetch.json").read_text())["source_sha256"]
    save(name, section | {"source_sha256": source})


def describe_machine():
    """Processor, its matrix instructions, cores, memory and the packages' versions."""
    from ferd.study.cost import processor

    flags = Path("/proc/cpuinfo").read_text().split() if Path("/proc/cpuinfo").exists() else []
    known = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "instructions": [flag for flag in known if flag in flags],
        "memory_gib": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def peak_gib():
    """Peak memory of this process, in GiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 3)


def made_once(folder, make):
    """Makes a folder if it is missing, and returns it; one that was not made whole is not kept.

    Args:
        folder: Path.
        make: Function that fills an empty folder.
    """
    if not folder.is_dir():
        unfinished = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        unfinished.rename(folder)
    return folder


def study_images(count):
    """Paths of randomly drawn images from data/raw or, without it, of drawn faces.

    Args:
        count: Number of images; drawn faces are written to build/benchmarks once.
    """
    import numpy as np

    from ferd.dataset.crop.crop_files import list_images

    files = [file for _, _, file in list_images(raw_folder())]
    order = np.random.default_rng(0).permutation(len(files))
    while len(order) < count:
        order = np.concatenate([order, order])
    return [files[index] for index in order[:count]]


def raw_folder():
    """data/raw if the study has been run, else drawn faces in the same layout."""
    if (ROOT / "data/raw/train").is_dir():
        return ROOT / "data/raw"
    return made_once(ROOT / "build/benchmarks/raw", draw_raw)


def draw_raw(folder):
    """Draws faces and writes them as the stage fetch does."""
    from ferd.sketch.archive import sketch_archive
    from stages.fetch import fetch

    sketch_archive(folder.parent / "faces.zip", 150, 10, 0)
    fetch(folder.parent / "faces.zip", folder, 25_000_000, 0)


def busy_cores(seconds=5.0):
    """Cores that other processes use now, while this one waits."""
    import psutil

    return psutil.cpu_percent(seconds) / 100 * os.cpu_count()
