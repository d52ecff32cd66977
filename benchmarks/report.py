"""Writes the measured tables of docs/performance.md, docs/scale.md and docs/cluster.md.

Reads   benchmarks/results.json, metrics/cost/*.json, metrics/details/detectors.json
Writes  the blocks between the markers of the three
Run     python benchmarks/report.py     (make bench does, at its end)
Takes   a second
"""

import json

from common import RESULTS, ROOT
from detecting.dark_table import dark_block
from detecting.table import detector_table
from peer.annotators import annotators_table
from peer.table import peer_table
from scaling.tables import scale_block
from scaling.workers_table import workers_block

from ferd.report.readme.study_hours import PAPER_CHAIN, commands_sentence, seconds
from ferd.report.tables.gpu_comparison import gpu_tables
from ferd.study.markdown import markdown, replace_block, wide

START, END = "<!-- measured: written by benchmarks/report.py -->", "<!-- end of measured -->"
QUIET = 0.2  # cores that other processes may use while times are taken
# Column heads whose names in results.json are not plain words.
COLUMNS = {
    "busy_cores": "cores busy with other work",
    "finished": "finished (1) or stopped (0)",
    "found": "faces found",
    "gflops": "10^9 operations per second",
    "healthz_answers": "requests of /healthz",
    "healthz_errors": "/healthz not answered",
    "healthz_milliseconds_at_most": "/healthz, slowest, ms",
    "healthz_milliseconds_of_99_percent": "/healthz, 99th percentile, ms",
    "malformed": "malformed requests",
    "median_milliseconds": "median, ms",
    "milliseconds_of_99_percent": "99th percentile, ms",
    "milliseconds_at_1": "ms for one face",
    "faces_per_second_at_64": "faces per second in batches of 64",
    "frames_per_second": "frames of a 720p video per second",
    "frames_per_second_all_searched": "frames of a 720p video per second, every frame searched",
    "milliseconds_per_image": "ms per image",
    "milliseconds_per_photo": "ms per photo",
    "milliseconds_per_step": "ms per step",
    "peak_memory_gib": "peak memory, GiB",
    "peak_mib": "peak memory, MiB",
    "usual_milliseconds_at_most": "usual client: slowest answer, ms",
    "usual_photos": "usual client: photos",
    "usual_photos_predicted": "usual client: predicted",
    "usual_photos_refused_as_busy": "usual client: refused as busy",
    **{
        f"peak_mib_at_{seconds}_s": f"peak memory after {seconds} s, MiB"
        for seconds in (10, 30, 60)
    },
}
# Beginnings of the names of figures other than medians, and how they read.
BEGINNINGS = {
    "times_": "speed-up over ",
    "peak_growth": "peak memory after 60 s relative to 30 s, ",
    "further_mib_with_a_second_worker": "further peak memory with a second worker, MiB",
    "slowest_healthz_milliseconds": "slowest answer of /healthz, ms",
    "seconds_for_4_times_the_images": "ratio of seconds for 4 times the images, ",
    "bytes_per_further_image": "bytes per further image, ",
}
# Sections of scale.md, cluster.md and models.md.
ELSEWHERE = ("scale", "joblib_backends", "workers", "front", "front_vnni")


def main():
    results, costs = json.loads(RESULTS.read_text()), read_costs()
    detectors = json.loads((ROOT / "metrics/details/detectors.json").read_text())
    heading = "### The network `improved` through each detector"
    block = "\n\n".join([measured(results, costs), heading, detector_table(detectors)])
    write("docs/performance.md", block)
    write("docs/scale.md", scale_block(results, costs))
    if "workers" in results:
        write("docs/cluster.md", workers_block(results["workers"]))


def write(name, block):
    """Puts a block between the markers of a document."""
    path = ROOT / name
    text = replace_block(path.read_text(encoding="utf-8"), block, START, END)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_costs():
    """Dict of stage to its metrics/cost file."""
    files = sorted((ROOT / "metrics/cost").glob("*.json"))
    return {file.stem: json.loads(file.read_text()) for file in files}


def measured(results, costs):
    """Markdown: the benchmarks' medians and ratios, then the minutes of the paper's chain."""
    parts = []
    for name, section in results.items():
        parts += BLOCKS.get(name, usual)(name, section)
    if "breakdown" in results:
        parts.append("### Where the time of a stage goes")
        parts += [shares(stage, row) for stage, row in results["breakdown"]["median"].items()]
    return "\n\n".join([*parts, "### The paper's chain, minutes of `dvc repro`", chain(costs)])


def usual(name, section):
    """Paragraphs: a table of medians by variant, and one of what is computed from them."""
    columns = sorted({key for row in section["median"].values() for key in row})
    rows = [
        [variant, *(number(row.get(key)) for key in columns)]
        for variant, row in section["median"].items()
    ]
    heads = (COLUMNS.get(key, key.replace("_", " ")) for key in columns)
    table = wide(["variant", *heads], rows)
    derived = markdown(["derived figure", "value"], ratios(section))
    return [f"### {name}", circumstances(section), table, derived]


def nothing(name, section):
    """For a section that stands elsewhere."""
    return []


# Functions of a section's name and content that write its paragraphs; `usual` writes the others.
BLOCKS = {
    **dict.fromkeys(("breakdown", *ELSEWHERE), nothing),
    "peers": lambda name, section: [f"### {name}", circumstances(section), peer_table(section)],
    "peers_annotators": lambda name, section: [f"### {name}", annotators_table(section)],
    "commands": lambda name, section: [f"### {name}", commands_sentence(section)],
    "dark": lambda name, section: ["### Very dark faces", dark_block(section)],
    "gpu": lambda name, section: [f"### {name}", *gpu_tables(section)],
}


def chain(costs):
    """Markdown: minutes of each stage of the paper's chain, and of all together."""
    minutes = {stage: seconds(costs[stage]) / 60 for stage in PAPER_CHAIN if stage in costs}
    rows = [[f"`{stage}`", number(value)] for stage, value in minutes.items()]
    total = "all" if len(minutes) == len(PAPER_CHAIN) else "so far"
    return markdown(["stage", "minutes"], [*rows, [total, number(sum(minutes.values()))]])


def circumstances(section):
    """A sentence: the number of rounds and the machine."""
    machine = section["machine"]
    cores = section.get("busy_cores", 0)
    busy = f"; {cores:.1f} cores were busy with other work, so the times are too long"
    end = busy if cores > QUIET else ""
    rounds = section["rounds"]
    many = f"Medians of {rounds} rounds in which the variants took turns"
    return (
        f"{many if rounds > 1 else 'One round'}; "
        f"{machine['processor']}, {machine['cores']} cores, "
        f"{', '.join(machine['instructions'])}, {machine['memory_gib']} GiB{end}."
    )


def shares(stage, parts):
    """Markdown: the parts of a stage, largest first, in seconds and percent."""
    total = sum(parts.values())
    rows = [
        [part, number(value), f"{100 * value / total:.0f}%"]
        for part, value in sorted(parts.items(), key=lambda item: -item[1])
    ]
    return markdown([f"`{stage}`", "seconds", "share"], rows)


def ratios(section):
    """Rows of a section's figures other than medians; nested names are joined."""
    rows = []
    for key, value in section.items():
        if key in ("median", "all", "machine", "rounds", "busy_cores"):
            continue
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        rows += [[in_words(f"{key} {name}".strip()), number(v)] for name, v in pairs]
    return rows


def in_words(name):
    """The name of a figure in results.json as it reads in the table."""
    for beginning, words in BEGINNINGS.items():
        if name.startswith(beginning):
            name = words + name.removeprefix(beginning).strip()
            break
    return name.replace("_", " ")


def number(value):
    """Three digits, or nothing."""
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
