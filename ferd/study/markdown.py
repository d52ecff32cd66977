"""Writes Markdown: tables, and generated parts of documents."""

from itertools import pairwise

MOST_COLUMNS = 6


def markdown(head, rows):
    """Writes a table, the first column left-aligned, the others right-aligned.

    Args:
        head: Texts of the columns' heads.
        rows: Lists of texts.

    Returns:
        The table's lines, joined.
    """
    align = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, align, *rows])


def wide(head, rows, most=MOST_COLUMNS):
    """Writes one table as several of equal width, each with the first column, if it is too wide.

    Args:
        head: As in `markdown`.
        rows: As in `markdown`.
        most: Columns of a table, the first included.

    Returns:
        Tables separated by an empty line.
    """
    count = len(head) - 1
    tables = -(-count // (most - 1))
    bounds = [1 - (-count * number // tables) for number in range(tables + 1)]
    return "\n\n".join(
        markdown([head[0], *head[low:high]], [[row[0], *row[low:high]] for row in rows])
        for low, high in pairwise(bounds)
    )


def replace_block(text, block, first, last):
    """Puts `block` between the markers `first` and `last` of a document.

    Raises:
        ValueError: If the document does not have both markers once, in order.
    """
    before, start, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        raise ValueError(f"the document needs the lines {first} and {last}")
    return f"{before}{first}\n{block.strip()}\n{last}{after}"
