"""Writes results as Markdown tables: no figure in the README or docs/ is typed by hand."""

from ferd.classes import CLASSES
from ferd.report.comparison import PARTS, VARIANTS, at
from ferd.report.model_names import shown
from ferd.report.number_text import percent, points
from ferd.report.readme.study_hours import seconds
from ferd.study.markdown import markdown

NOT_RUN = "not run"

# Label, part, path of the figure, and whether it is a share that is written in percent.
HEADLINE = (
    ("images", "crop", ("images",), False),
    ("faces found in them", "crop", ("found",), False),
    ("weights of the CNN", "cnn", ("parameters",), False),
    ("CNN to the letter, accuracy, %", "cnn", ("accuracy",), True),
    ("soft voting to the letter, accuracy, %", "voting", ("accuracy",), True),
    ("soft voting to the letter, AUC", "voting", ("auc",), False),
    ("stacking to the letter, accuracy, %", "stacking", ("accuracy",), True),
    ("stacking to the letter, AUC", "stacking", ("auc",), False),
    (
        *("CNN (our recipe) on whole images, accuracy on all test images, %", "uncropped_all"),
        *(("accuracy",), True),
    ),
    ("the same on the detected faces, %", "uncropped_detected", ("accuracy",), True),
)


def headline_table(compared):
    """Markdown: the paper's main figures, ours and the difference."""
    rows = []
    for label, part, place, in_percent in HEADLINE:
        if part in compared:
            rows.append([label, *_three(at(compared[part], place), in_percent)])
        else:
            paper = at(PARTS[part][0], place)
            rows.append([label, _figure(paper, in_percent), NOT_RUN, ""])
    return markdown(["figure", "paper", "here", "difference"], rows)


def variant_table(variants):
    """Markdown: a row per variant, with its difference to the CNN in points."""
    rows = []
    for name in VARIANTS:
        if name not in variants:
            continue
        values = variants[name]
        weights = f"{values['parameters']:,}" if "parameters" in values else ""
        scores = [percent(values[key], 2) for key in ("accuracy", "macro_f1")]
        change = points(values["accuracy_minus_cnn"], 2)
        rows.append([shown(name), *scores, change, weights])
    head = ["model", "accuracy, %", "macro F1, %", "accuracy minus the CNN's, points", "weights"]
    return markdown(head, rows)


def per_class_table(tree):
    """Markdown: precision, recall, F1 of each class, `paper / ours`."""
    rows = []
    for name in CLASSES:
        cells = [tree["per_class"][name][key] for key in ("precision", "recall", "f1")]
        support = tree["per_class"][name]["support"]
        pairs = [f"{cell['paper']:.2f} / {cell['ours']:.2f}" for cell in cells]
        rows.append([name, *pairs, f"{support['paper']} / {support['ours']}"])
    return markdown(["class", "precision", "recall", "F1", "test faces"], rows)


def overall_table(tree):
    """Markdown: every figure of a model that is not per class."""
    rows = []
    for key, value in tree.items():
        if key == "per_class":
            continue
        leaves = {key: value} if "paper" in value else {f"{key} {k}": v for k, v in value.items()}
        rows += [[_figure_name(label), *_three(leaf)] for label, leaf in leaves.items()]
    return markdown(["figure", "paper", "here", "difference"], rows)


def cost_table(costs):
    """Markdown: cost of each stage and run on the machine that made the committed results."""
    rows = []
    for stage, cost in costs.items():
        minutes = seconds(cost) / 60
        peak = f"{cost['peak_memory_gib']:.1f}"
        rows.append([f"`{stage}`", f"{minutes:.1f}", peak, str(cost.get("precision", ""))])
    return markdown(["stage or run", "minutes", "peak memory, GiB", "precision"], rows)


def _figure_name(label):
    """`macro f1` and the like, as these scores are written."""
    capitals = {"f1": "F1", "auc": "AUC", "mcc": "MCC", "parameters": "weights"}
    return " ".join(capitals.get(word, word) for word in label.split())


def _three(leaf, in_percent=False):
    if isinstance(leaf["paper"], int):
        difference = f"{leaf['difference']:+,}"
    elif in_percent:
        difference = points(leaf["difference"], 2)
    else:
        difference = f"{leaf['difference']:+.4f}"
    return [*(_figure(leaf[key], in_percent) for key in ("paper", "ours")), difference]


def _figure(value, in_percent=False):
    if isinstance(value, int):
        return f"{value:,}"
    return percent(value, 2) if in_percent else f"{value:.4f}"
