"""Prints the paper's main figures beside ours, and the scores of the paper's variants.

Reads   metrics/details/ as it is now
Run     make paper prints it at its end
        (or: python -m ferd.report.paper_table [RUN ...], by default everything that has run)
        python -m ferd.report.paper_table --variants    the scores of the variants alone
Takes   seconds
Expect  a row per figure of the paper, and one per variant
"""

import argparse

from ferd.report.comparison import compare, compare_variants
from ferd.report.tables.paper_figures import headline_table, variant_table
from ferd.study.details import read_details

# All the others need these; the variants are compared with the CNN of the same settings.
FIRST = ("fetch", "crop", "audit", "train", "cosine")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="*", metavar="RUN", help="stages and runs to show")
    parser.add_argument("--variants", action="store_true", help="leave the paper's figures out")
    arguments = parser.parse_args()
    details = of_runs(read_details(partial=True), arguments.runs)
    if not arguments.variants:
        print(f"{aligned(headline_table(compare(details)))}\n")
    print(aligned(variant_table(compare_variants(details))))


def of_runs(details, runs):
    """The scores of some runs and of those that all the others need.

    Args:
        details: From `ferd.study.details.read_details`.
        runs: Names, as in `details`; none for all.

    Raises:
        SystemExit: For a run without scores.
    """
    if missing := [name for name in runs if name not in details]:
        raise SystemExit(f"metrics/details has no {', '.join(missing)}: run dvc repro")
    return {name: details[name] for name in details if not runs or name in (*FIRST, *runs)}


def aligned(table):
    """A Markdown table as text for a terminal: columns of one width, without bars.

    Args:
        table: Its lines; the second one, which aligns, is left out.
    """
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()]
    rows = [[cell.strip() for cell in cells] for cells in (lines[0], *lines[2:])]
    columns = max(map(len, rows))
    rows = [cells + [""] * (columns - len(cells)) for cells in rows]
    widths = [max(len(cells[column]) for cells in rows) for column in range(columns)]
    return "\n".join(_line(cells, widths) for cells in rows)


def _line(cells, widths):
    """The first cell on the left of its column, the others on the right."""
    others = (f"{cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([f"{cells[0]:{widths[0]}}", *others]).rstrip()


if __name__ == "__main__":
    main()
