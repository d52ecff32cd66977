"""The tables of docs/experiments.md: a row per recipe tried, on CPUs and on a GPU."""

from ferd.tables import markdown, replace_block

START, END = "<!-- trail: written by python -m ferd.trail -->", "<!-- end of trail -->"
GPU_START, GPU_END = (
    "<!-- gpu trail: written by python -m ferd.trail -->",
    "<!-- end of gpu trail -->",
)


def with_tables(text, rows):
    """The document with both tables: of trainings on CPUs, and of those on a GPU.

    Args:
        text: docs/experiments.md.
        rows: Of `row`.
    """
    on_gpu = [entry for entry in rows if "device" in entry]
    text = replace_block(text, trail_table([e for e in rows if e not in on_gpu]), START, END)
    return replace_block(text, trail_table(on_gpu), GPU_START, GPU_END)


def trail_table(rows):
    """Markdown: a row per recipe tried.

    Args:
        rows: Of `row`.
    """
    views = list(dict.fromkeys(view for entry in rows for view in entry["validation"]))
    head = ["recipe", "changes", *views, "weights", "million multiply-adds", "epochs", "minutes"]
    cells = [
        [
            entry["name"],
            " ".join(f"`{change}`" for change in entry["changes"]),
            *(f"{entry['validation'][view]:.4f}" for view in views),
            f"{entry['parameters']:,}",
            f"{entry['multiply_adds'] / 1e6:.1f}",
            str(entry["epochs"]),
            f"{entry['minutes']:.1f}",
        ]
        for entry in rows
    ]
    return markdown(head, cells)
