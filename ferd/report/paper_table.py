"""Prints the paper's main figures beside those of metrics/, and the scores of its variants.

Reads   metrics/*.json as they are now
Run     make paper prints it at its end
        (or: python -m ferd.report.paper_table [STAGE ...], by default every stage that has run)
"""

import sys

from ferd.report.all_metrics import read_all
from ferd.report.comparison import compare, compare_variants
from ferd.report.tables import headline_table, variant_table

# Every other stage of the paper's chain needs these.
FIRST = ("fetch", "crop", "audit", "train")


def main():
    metrics = of_stages(read_all("metrics", partial=True), sys.argv[1:])
    print(aligned(headline_table(compare(metrics))))
    print()
    print(aligned(variant_table(compare_variants(metrics))))


def of_stages(metrics, stages):
    """The metrics of some stages and of those that come before all.

    Args:
        metrics: Dict of stage to its metrics.
        stages: Names; none for all stages.

    Raises:
        SystemExit: For a stage without metrics.
    """
    if missing := [name for name in stages if name not in metrics]:
        raise SystemExit(f"no metrics of {', '.join(missing)}: run dvc repro {' '.join(missing)}")
    return {name: metrics[name] for name in metrics if not stages or name in (*FIRST, *stages)}


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
