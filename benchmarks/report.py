"""Writes the measured tables of docs/performance.md.

Reads   benchmarks/results.json, metrics/cost/*.json
Writes  the block between the markers of docs/performance.md
Run     python benchmarks/report.py     (make bench does, at its end)
Takes   a second
"""

import json

from common import RESULTS, ROOT
from peer.people import people_table
from peer.table import peer_table

from ferd.gpu_comparison import gpu_tables
from ferd.tables import markdown

START, END = "<!-- measured: written by benchmarks/report.py -->", "<!-- end of measured -->"
QUIET = 0.2  # cores that others may use while times are taken
CHAIN = ("fetch", "crop", "train", "extract", "automl_voting", "automl_stacking")


def main():
    path = ROOT / "docs/performance.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    block = measured(json.loads(RESULTS.read_text()), read_costs())
    path.write_text(f"{before}{START}\n{block}\n{END}{after}", encoding="utf-8", newline="\n")


def read_costs():
    """Dict of stage to its metrics/cost file."""
    files = sorted((ROOT / "metrics/cost").glob("*.json"))
    return {file.stem: json.loads(file.read_text()) for file in files}


def measured(results, costs):
    """Markdown: the benchmarks' medians and ratios, then the minutes of the paper's chain."""
    parts = []
    for name, section in results.items():
        if name == "breakdown":
            continue
        if name == "peers_people":
            parts.append(f"### {name}\n\n{people_table(section)}")
            continue
        if name == "gpu":
            parts += [f"### {name}", *gpu_tables(section)]
            continue
        parts.append(f"### {name}\n\n{circumstances(section)}")
        if name == "peers":
            parts.append(peer_table(section))
            continue
        columns = sorted({key for row in section["median"].values() for key in row})
        rows = [
            [variant, *(number(row.get(key)) for key in columns)]
            for variant, row in section["median"].items()
        ]
        parts.append(markdown(["variant", *(key.replace("_", " ") for key in columns)], rows))
        parts.append(markdown(["ratio", "value"], ratios(section)))
    if "breakdown" in results:
        parts.append("### Where the time of a stage goes")
        parts += [shares(stage, row) for stage, row in results["breakdown"]["median"].items()]
    rows = [[f"`{stage}`", number(minutes(costs[stage]))] for stage in CHAIN if stage in costs]
    total = sum(minutes(costs[stage]) for stage in CHAIN if stage in costs)
    rows.append(["all" if set(CHAIN) <= set(costs) else "so far", number(total)])
    parts.append("### The paper's chain, minutes of `dvc repro`")
    parts.append(markdown(["stage", "minutes"], rows))
    return "\n\n".join(parts)


def circumstances(section):
    """A sentence: how often it was measured, and on what."""
    machine = section["machine"]
    cores = section.get("busy_cores", 0)
    busy = f"; {cores:.1f} cores were busy before it began: its times are too long"
    end = busy if cores > QUIET else ""
    return (
        f"Medians of {section['rounds']} rounds, taking turns; "
        f"{machine['processor']}, {machine['cores']} cores, "
        f"{', '.join(machine['instructions'])}, {machine['memory_gib']} GiB{end}."
    )


def shares(stage, seconds):
    """Markdown: the parts of a stage, largest first, in seconds and percent."""
    total = sum(seconds.values())
    rows = [
        [part, number(value), f"{100 * value / total:.0f}%"]
        for part, value in sorted(seconds.items(), key=lambda item: -item[1])
    ]
    return markdown([f"`{stage}`", "seconds", "share"], rows)


def ratios(section):
    """Rows of what a section says beside its medians, nested names joined."""
    rows = []
    for key, value in section.items():
        if key in ("median", "all", "machine", "rounds"):
            continue
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        rows += [[f"{key} {name}".replace("_", " ").strip(), number(v)] for name, v in pairs]
    return rows


def minutes(cost):
    """Minutes of a stage, a killed run's share of training included."""
    return cost.get("training_seconds", cost["seconds"]) / 60


def number(value):
    """Three digits, or nothing."""
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
