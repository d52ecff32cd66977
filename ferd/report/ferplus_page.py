"""Writes docs/ferplus.md: our networks on FER+'s own benchmark, beside published ones."""

from ferd.report.number_text import percent, score_cell
from ferd.study.markdown import markdown

FROM_SCRATCH, FACE_NETWORK = "random weights", "face recognition"
# Network, its accuracy in percent, and what its training started from.
PUBLISHED = (
    ("[VGG13](https://arxiv.org/abs/1608.01041), 8.8 million weights", 84.99, FROM_SCRATCH),
    ("[SHCNN](https://doi.org/10.1109/ACCESS.2019.2921220)", 86.54, FROM_SCRATCH),
    ("[RAN](https://arxiv.org/abs/1905.04075)", 88.55, FACE_NETWORK),
    ("[SCN](https://arxiv.org/abs/2002.10392)", 89.35, FACE_NETWORK),
    ("[EAC](https://arxiv.org/abs/2207.10299)", 89.64, FACE_NETWORK),
    ("[TransFER](https://arxiv.org/abs/2108.11116)", 90.83, FACE_NETWORK),
    ("[APViT](https://arxiv.org/abs/2212.05463)", 90.86, FACE_NETWORK),
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
    faces = next(iter(scores.values()))["all"]["faces"]
    return "\n\n".join(
        ["# FER+'s own benchmark", *_protocol(faces), *_results(scores, metrics), ""]
    )


def _protocol(faces):
    return [
        "FER+ has the votes of ten annotators for each image of FER2013. Its benchmark has eight "
        "classes: the seven of FER2013, and contempt. A class that one annotator alone chose does "
        "not count. A face is scored if one class has more than half of the votes that count: "
        f"{faces:,} faces of PrivateTest.",
        "The three networks have no class for contempt, so they are wrong on each such face. "
        "`compact_ferplus` is trained on the annotators' votes, the other two on FER2013's labels. "
        "One run each; a prediction averages a face and its mirror image.",
    ]


def _results(scores, metrics):
    return [
        "## Ours",
        "The intervals are 95% bootstrap intervals over groups of copies. Faces without a copy in "
        "Training are scored apart, because a network may remember a copy.",
        _our_table(scores, metrics),
        "## Published",
        "Accuracies as their papers give them, on the same benchmark. A network that starts from "
        "one trained to recognize people has seen far more faces than FER2013 has.",
        _published_table(),
    ]


def _our_table(scores, metrics):
    head = ["network", "weights", "accuracy, %", "without copies, %"]
    head += ["balanced accuracy, %", "macro F1, %"]
    rows = []
    for name, parts in scores.items():
        weights = f"{metrics[f'{name}/2024']['parameters']:,}"
        accuracies = score_cell(parts["all"]), score_cell(parts.get("without_copy"))
        others = (percent(parts["all"][key]) for key in ("balanced_accuracy", "macro_f1"))
        rows.append([f"`{name}`", weights, *accuracies, *others])
    return markdown(head, rows)


def _published_table():
    rows = [[name, f"{accuracy:.2f}", start] for name, accuracy, start in PUBLISHED]
    return markdown(["network", "accuracy, %", "training starts from"], rows)
