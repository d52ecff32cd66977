"""Writes the tables of docs/experiments.md: one row per recipe, for CPUs and for a GPU."""

from ferd.report.number_text import percent
from ferd.study.markdown import markdown, replace_block

START, END = "<!-- trail: written by python -m ferd.report.trail -->", "<!-- end of trail -->"
GPU_START, GPU_END = (
    "<!-- gpu trail: written by python -m ferd.report.trail -->",
    "<!-- end of gpu trail -->",
)
# Test-time augmentation, by its name in the metrics.
VIEWS = {"centre": "middle window", "flip": "and its mirror image", "ten": "ten windows"}


def with_tables(text, rows):
    """The document with both tables: trainings on CPUs, and trainings on a GPU.

    Args:
        text: docs/experiments.md.
        rows: Of `row`.
    """
    on_gpu = [entry for entry in rows if "device" in entry]
    on_cpu = [entry for entry in rows if "device" not in entry]
    text = replace_block(text, trail_table(on_cpu), START, END)
    return replace_block(text, trail_table(on_gpu), GPU_START, GPU_END)


def trail_table(rows):
    """Markdown: a row per recipe tried.

    Args:
        rows: Of `row`.
    """
    views = list(dict.fromkeys(view for entry in rows for view in entry["validation"]))
    accuracy = f"accuracy on PublicTest, %: {' / '.join(VIEWS[view] for view in views)}"
    head = ["recipe", "changed settings", accuracy]
    head += ["weights", "multiply-adds, millions", "epochs (minutes)"]
    cells = [
        [
            entry["name"],
            " ".join(f"`{change}`" for change in entry["changes"]),
            " / ".join(percent(entry["validation"][view], 2) for view in views),
            f"{entry['parameters']:,}",
            f"{entry['multiply_adds'] / 1e6:.1f}",
            f"{entry['epochs']} ({entry['minutes']:.1f})",
        ]
        for entry in rows
    ]
    return markdown(head, cells)
