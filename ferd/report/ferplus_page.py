"""Writes docs/ferplus.md: our networks on FER+'s own benchmark, beside published ones."""

from typing import NamedTuple

from ferd.report.number_text import percent, score_cell, seeds_text
from ferd.study.markdown import markdown

FROM_SCRATCH, FACE_NETWORK = "random weights", "face recognition"
# By name: what is shown, and how many windows and mirror images of a face it averages.
VIEWS = {"centre": ("one view", 1), "flip": ("two views", 2), "ten": ("ten views", 10)}
SHOWN = ("centre", "ten")  # in the table of the classes


class Published(NamedTuple):
    """A published score: accuracy in percent, weights as its paper gives them, or ""."""

    name: str
    accuracy: float
    start: str
    weights: str = ""


PUBLISHED = (
    Published("[VGG13](https://arxiv.org/abs/1608.01041)", 84.99, FROM_SCRATCH, "8.8 million"),
    Published("[SHCNN](https://doi.org/10.1109/ACCESS.2019.2921220)", 86.54, FROM_SCRATCH),
    Published("[RAN](https://arxiv.org/abs/1905.04075)", 88.55, FACE_NETWORK),
    Published("[SCN](https://arxiv.org/abs/2002.10392)", 89.35, FACE_NETWORK),
    Published("[EAC](https://arxiv.org/abs/2207.10299)", 89.64, FACE_NETWORK),
    Published("[TransFER](https://arxiv.org/abs/2108.11116)", 90.83, FACE_NETWORK),
    Published("[APViT](https://arxiv.org/abs/2212.05463)", 90.86, FACE_NETWORK),
)


def ferplus_document(metrics):
    """docs/ferplus.md.

    Args:
        metrics: From `ferd.study.details.read_details`.

    Returns:
        The text, or None where the stage ferplus has not run or found no votes.
    """
    scores = metrics.get("ferplus")
    if not scores:
        return None
    faces = next(iter(scores["seven_classes"].values()))["all"]["faces"]
    parts = [_protocol(faces)]
    parts += [_trained(name, found) for name, found in scores["eight_classes"].items()]
    parts += [_single(scores["seven_classes"], metrics), _published()]
    return "\n\n".join(["# FER+'s own benchmark", *(one for part in parts for one in part), ""])


def _protocol(faces):
    return [
        "FER+ has the votes of ten annotators for each image of FER2013. Its benchmark has eight "
        "classes: the seven of FER2013, and contempt. A class that one annotator alone chose does "
        "not count. A face is scored if one class has more than half of the votes that count: "
        f"{faces:,} faces of PrivateTest.",
        "Intervals in parentheses are 95% bootstrap intervals over groups of copies; that of a "
        "mean over seeds is Student's t. Faces without a copy in Training are scored apart, "
        "because a network may remember a copy.",
    ]


def _trained(network, scores):
    """Paragraphs on a network that was trained for the benchmark.

    Args:
        network: Its name.
        scores: Its entry in `eight_classes` of metrics/details/ferplus.json.
    """
    faces, runs = scores["faces"], seeds_text(scores["seeds"])
    one_view = scores["views"]["centre"]["all"]
    means = ", as means over the seeds" if scores["seeds"] > 1 else ""
    return [
        f"## `{network}`: eight classes",
        f"Trained for the benchmark, on the vote shares of {faces['train']:,} faces of Training "
        f"({runs}): those with more than half of their votes for the eight classes, also without a "
        "majority label. Every epoch is trained and the last one's weights are used; nothing was "
        f"chosen on PrivateTest. PublicTest, {faces['validation']:,} faces with a majority label, "
        "validates. One view is the middle window of a face, two are this window and its mirror "
        "image, ten are ten windows; their predictions are averaged. Weights and multiply-adds "
        "count every network and view.",
        _seeds_table(network, scores),
        f"With one view the balanced accuracy is {percent(one_view['balanced_accuracy'])}% and the "
        f"macro F1 {percent(one_view['macro_f1'])}%. By class{means}:",
        _classes_table(scores),
    ]


def _seeds_table(network, scores):
    head = ["network", "weights", "million multiply-adds per face", "PublicTest, accuracy, %"]
    head += ["PrivateTest, accuracy, %", "without copies, %"]
    count, rows, averages = scores["seeds"], [], []
    for views, found in scores["views"].items():
        label, number = VIEWS[views]
        name = f"`{network}`, {label}, one run"
        if count > 1:
            name = f"`{network}`, {label}, mean of {count} seeds"
            name += f" (SD {percent(found['all']['sd'], 2)})"
        rows.append(_row(name, scores, found, 1, number))
        if "average" in found:
            name = f"average of the {count} networks, {label}"
            averages.append(_row(name, scores, found["average"], count, number))
    return markdown(head, rows + averages)


def _row(name, scores, found, networks, views):
    work = scores["multiply_adds"] * networks * views / 1e6
    size = f"{scores['parameters'] * networks:,}", f"{work:,.1f}"
    accuracies = score_cell(found["all"]), score_cell(found.get("without_copy"))
    return [name, *size, percent(found["validation"]), *accuracies]


def _classes_table(scores):
    parts = [scores["views"][views]["all"]["per_class"] for views in SHOWN]
    head = ["class", "faces of PrivateTest", *(f"recall, {VIEWS[one][0]}, %" for one in SHOWN)]
    rows = [
        [name, f"{found['support']:,}", *(percent(part[name]["recall"]) for part in parts)]
        for name, found in parts[0].items()
    ]
    return markdown(head, rows)


def _single(scores, metrics):
    """Paragraphs on the networks of FER2013's own split."""
    return [
        "## Networks of seven classes",
        "These have no class for contempt, so they are wrong on each such face. `compact_ferplus` "
        "is trained on the annotators' votes, the other two on FER2013's labels. One run each; a "
        "prediction averages a face and its mirror image.",
        _single_table(scores, metrics),
    ]


def _single_table(scores, metrics):
    head = ["network", "weights", "accuracy, %", "without copies, %"]
    head += ["balanced accuracy, %", "macro F1, %"]
    rows = []
    for name, parts in scores.items():
        weights = f"{metrics[f'{name}/2024']['parameters']:,}"
        accuracies = score_cell(parts["all"]), score_cell(parts.get("without_copy"))
        others = (percent(parts["all"][key]) for key in ("balanced_accuracy", "macro_f1"))
        rows.append([f"`{name}`", weights, *accuracies, *others])
    return markdown(head, rows)


def _published():
    rows = [[one.name, one.weights, f"{one.accuracy:.2f}", one.start] for one in PUBLISHED]
    return [
        "## Published",
        "Accuracies as their papers give them, on the same benchmark; weights where we know them "
        "from the paper. A network that starts from one trained to recognize people has seen far "
        "more faces than FER2013 has.",
        markdown(["network", "weights", "accuracy, %", "training starts from"], rows),
    ]
