"""Writes the tables of docs/report.md on trainings with several seeds."""

from ferd.report.model_names import shown
from ferd.report.number_text import p_text, percent, points, score_cell
from ferd.report.tables.report_tables import PARTS
from ferd.study.markdown import wide


def seeds_table(seeds, parts=PARTS):
    """Markdown: mean and SD of each training's accuracy over its seeds.

    Args:
        seeds: metrics/details/seeds.json.
        parts: (part, label) pairs.
    """
    variants, tests = seeds["variants"], seeds.get("against_cnn", {})
    there = [(part, label) for part, label in parts if any(part in v for v in variants.values())]
    rows = []
    for name, spreads in variants.items():
        count = next(iter(spreads.values()))["seeds"]
        cells = [_spread(spreads.get(part)) for part, _ in there]
        rows.append([f"`{name}` ({count} seeds), accuracy, %", *cells])
        if name in tests:
            cells = [welch_cell(tests[name].get(part)) for part, _ in there]
            rows.append([f"`{name}` minus `cosine`, points", *cells])
    return wide(["training", *(label for _, label in there)], rows)


def averaged_table(averaged, parts=PARTS):
    """Markdown: the average of the CNNs, and its lead over one CNN and over the hybrids.

    Args:
        averaged: `averaged` of metrics/details/seeds.json.
        parts: (part, label) pairs.
    """
    there = [(part, label) for part, label in parts if part in averaged]
    rows = [["accuracy, %", *(score_cell(averaged[part]) for part, _ in there)]]
    for pair in averaged[there[0][0]]["tests"]:
        cells = [welch_cell(averaged[part]["tests"][pair], "p_holm") for part, _ in there]
        rows.append([f"minus {shown(pair.removeprefix('cnns - '))}, points", *cells])
    return wide(["average of the CNNs", *(label for _, label in there)], rows)


def _spread(entry):
    return "" if entry is None else f"{percent(entry['mean'], 2)}, SD {percent(entry['sd'], 2)}"


def welch_cell(entry, key="p"):
    """A difference in points, with its p-value; "" if there is none."""
    return "" if entry is None else f"{points(entry['difference'], 2)}, {p_text(entry[key])}"
