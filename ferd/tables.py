"""The results as Markdown: no figure in the README or docs/ is typed by hand."""

from ferd.classes import CLASSES
from ferd.comparison import PARTS, VARIANTS, at

START, END = "<!-- results: written by stages/summary.py -->", "<!-- end of results -->"
NOT_RUN = "not run"

HEADLINE = (
    ("images", "crop", ("images",)),
    ("faces found in them", "crop", ("found",)),
    ("weights of the network", "cnn", ("parameters",)),
    ("CNN, accuracy", "cnn", ("accuracy",)),
    ("voting (soft), accuracy", "voting", ("accuracy",)),
    ("voting (soft), AUC", "voting", ("auc",)),
    ("stacking, accuracy", "stacking", ("accuracy",)),
    ("stacking, AUC", "stacking", ("auc",)),
    ("CNN on whole images, accuracy on all test images", "uncropped_all", ("accuracy",)),
    ("CNN on whole images, accuracy on the detected", "uncropped_detected", ("accuracy",)),
)


def replace_block(text, block, first=START, last=END):
    """Puts `block` between the markers `first` and `last` of a document.

    Raises:
        ValueError: If the document does not hold both markers once, in order.
    """
    before, start, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        raise ValueError(f"the document needs the lines {first} and {last}")
    return f"{before}{first}\n{block.strip()}\n{last}{after}"


def headline_table(compared):
    """Markdown: the paper's main figures, ours and the difference."""
    rows = []
    for label, part, place in HEADLINE:
        if part in compared:
            rows.append([label, *_three(at(compared[part], place))])
        else:
            rows.append([label, _figure(at(PARTS[part][0], place)), NOT_RUN, ""])
    return markdown(["on the test set", "paper", "ours", "difference"], rows)


def variant_table(variants):
    """Markdown: a row per variant, with its difference to the CNN in points."""
    rows = []
    for name in VARIANTS:
        values = variants.get(name)
        if values is None:
            rows.append([name, NOT_RUN, "", "", "", ""])
            continue
        weights = f"{values['parameters']:,}" if "parameters" in values else ""
        points = f"{100 * values['accuracy_minus_cnn']:+.2f}"
        scores = [_number(values[key]) for key in ("accuracy", "macro_f1")]
        rows.append([name, *scores, points, weights, f"{values['faces']:,}"])
    head = ["variant", "accuracy", "macro F1", "points to the CNN", "weights", "test faces"]
    return markdown(head, rows)


def per_class_table(tree):
    """Markdown: precision, recall, F1 of each class, `paper / ours`."""
    rows = []
    for name in CLASSES:
        cells = [tree["per_class"][name][key] for key in ("precision", "recall", "f1")]
        support = tree["per_class"][name]["support"]
        pairs = [f"{cell['paper']:.2f} / {cell['ours']:.2f}" for cell in cells]
        rows.append([name, *pairs, f"{support['paper']} / {support['ours']}"])
    return markdown(["class", "precision", "recall", "F1", "support"], rows)


def overall_table(tree):
    """Markdown: every figure of a model that is not per class."""
    rows = []
    for key, value in tree.items():
        if key == "per_class":
            continue
        leaves = {key: value} if "paper" in value else {f"{key} {k}": v for k, v in value.items()}
        rows += [[label, *_three(leaf)] for label, leaf in leaves.items()]
    return markdown(["figure", "paper", "ours", "difference"], rows)


def cost_table(costs):
    """Markdown: what each stage took on the machine that made the committed results."""
    rows = []
    for stage, cost in costs.items():
        minutes = cost.get("training_seconds", cost["seconds"]) / 60
        peak = f"{cost['peak_memory_gib']:.1f}"
        rows.append([f"`{stage}`", f"{minutes:.1f}", peak, str(cost.get("precision", ""))])
    return markdown(["stage", "minutes", "peak memory, GiB", "arithmetic"], rows)


def markdown(head, rows):
    """A Markdown table, first column left, the others right."""
    align = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, align, *rows])


def _three(leaf):
    whole = isinstance(leaf["paper"], int)
    difference = f"{leaf['difference']:+,}" if whole else f"{leaf['difference']:+.4f}"
    return [_figure(leaf["paper"]), _figure(leaf["ours"]), difference]


def _figure(value):
    return f"{value:,}" if isinstance(value, int) else _number(value)


def _number(value):
    return f"{value:.4f}"
