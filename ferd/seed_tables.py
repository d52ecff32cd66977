"""Tables of docs/report.md on what another seed moves."""

from ferd.report_tables import PARTS, p_value, score_cell
from ferd.tables import markdown


def seeds_table(seeds, parts=PARTS):
    """Markdown: mean and SD of each training's accuracy over its seeds.

    Args:
        seeds: metrics/seeds.json.
        parts: (part, label) pairs.
    """
    variants, tests = seeds["variants"], seeds.get("against_cnn", {})
    shown = [(part, label) for part, label in parts if any(part in v for v in variants.values())]
    rows = []
    for name, spreads in variants.items():
        count = str(next(iter(spreads.values()))["seeds"])
        rows.append([f"`{name}`", count, *(_spread(spreads.get(part)) for part, _ in shown)])
        if name in tests:
            cells = [welch_cell(tests[name].get(part)) for part, _ in shown]
            rows.append([f"`{name}` less `train`, points", "", *cells])
    return markdown(["training", "seeds", *(label for _, label in shown)], rows)


def averaged_table(averaged, parts=PARTS):
    """Markdown: the average of the CNNs, and its lead over one CNN and over the hybrids.

    Args:
        averaged: `averaged` of metrics/seeds.json.
        parts: (part, label) pairs.
    """
    shown = [(part, label) for part, label in parts if part in averaged]
    rows = [["accuracy", *(score_cell(averaged[part]) for part, _ in shown)]]
    for pair in averaged[shown[0][0]]["tests"]:
        tests = [averaged[part]["tests"][pair] for part, _ in shown]
        cells = [f"{100 * t['difference']:+.2f}, p {p_value(t['p_holm'])}" for t in tests]
        rows.append([f"less `{pair.removeprefix('cnns - ')}`, points", *cells])
    return markdown(["mean of the CNNs' probabilities", *(label for _, label in shown)], rows)


def _spread(entry):
    return "" if entry is None else f"{entry['mean']:.4f}, SD {entry['sd']:.4f}"


def welch_cell(entry):
    """A difference of means over seeds in points, with its p; "" where there is none."""
    return "" if entry is None else f"{100 * entry['difference']:+.2f}, p {p_value(entry['p'])}"
