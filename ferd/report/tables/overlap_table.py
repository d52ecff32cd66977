"""Writes the table of scores on test images that recipes were chosen with, and on the others."""

from ferd.report.first_seed import first_seed
from ferd.report.number_text import p_text, percent, points, score_cell
from ferd.study.markdown import markdown

PARTS = {"seen": "in FER2013's Training", "unseen": "not in Training"}


def overlap_section(search):
    """Paragraphs: the CNN and the improved network on both parts of the paper's test faces.

    Args:
        search: `search` of metrics/details/headline.json, or None where there is none.
    """
    if not search:
        return []
    rows = [_row(label, search[part]) for part, label in PARTS.items() if part in search]
    head = ["accuracy on test faces, %", "CNN (one run)", "`improved` (first seed)"]
    head += ["`improved` (mean of its seeds)", "first seed minus CNN, points"]
    return [
        "## Test images that recipes were chosen with",
        "The run `search` trains on FER2013's Training, which holds "
        f"{search['in_training']:,} of the {search['test_images']:,} test images of the paper's "
        "split. The networks of this table were not trained on their test images.",
        markdown(head, rows),
    ]


def _row(label, part):
    cnn, first = (first_seed(part[name]) for name in ("cnn", "improved"))
    spread = part["improved"].get("spread")
    mean = percent(spread["mean"]) if spread else ""
    test = part["tests"]["improved - cnn"]
    lead = f"{points(test['difference'])}, {p_text(test['p_holm'])}"
    return [f"{label} ({cnn['faces']:,})", score_cell(cnn), score_cell(first), mean, lead]
