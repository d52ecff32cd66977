"""Writes docs/models.md: the networks of the package compared, and why one is the default."""

from ferd.packaged.model_card import NOT_FOR, SOURCE
from ferd.report.models import models_text as text
from ferd.report.models.default_rule import copies_sentence, packaged, rule_sentence, rule_table
from ferd.report.models.label_kinds import KINDS, heads
from ferd.report.number_text import counted_cell, percent, points, score_cell
from ferd.report.readme.study_hours import machine_text
from ferd.study.markdown import markdown

NETWORKS = ("general", "annotators", "compact", "fast")
VIEWS = {"mean": 4, "mixed": 2, "annotators": 2, "compact": 2, "fast": 1}  # of all its networks
PARTS = {"all": "All faces", "without_copy": "Faces without an exact or near copy in Training"}
# Sections of benchmarks/results.json, and the instructions of their processors.
TIMED = {"front": "AVX2", "front_vnni": "AVX-512 VNNI"}
RECALLED = ("fear", "disgust", "neutral", "sad")  # the classes whose recall differs most


def models_document(metrics, benchmarks):
    """docs/models.md.

    Args:
        metrics: From `ferd.study.details.read_details`.
        benchmarks: Content of benchmarks/results.json.

    Returns:
        The text, or None where the stage packaged has not run or found no votes.
    """
    found = metrics.get("packaged")
    if not found:
        return None
    choice = found["choice"]
    parts = [
        "# Which network to use",
        "`ferd predict --model NAME` uses one of four networks. Without `--model` it is "
        f"`{packaged(choice['default'], choice)}`.",
        text.USES,
        overview(found),
        text.KNOWN,
        text.MADE.format(general=text.GENERAL[choice["general"]]),
        "## Two kinds of labels",
        labels_text(found["labels"]),
        *scores(found["networks"]),
        "## Scores with known class shares",
        text.PRIOR,
        adjusted_table(found["networks"]),
        *speed(found["networks"], benchmarks),
        "## How the default was chosen",
        text.RULE,
        rule_table(choice),
        rule_sentence(choice),
        copies_sentence(choice),
        "### The earlier default",
        text.EARLIER,
        unseen_table(found["unseen"]),
        "## Do not use them for",
        NOT_FOR,
        "## Training data",
        SOURCE,
        "## Limits",
        text.LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def overview(found):
    """A row per network: accuracies on PrivateTest, averaged predictions, size."""
    rows = []
    for name in NETWORKS:
        one = found["networks"][name]
        tested = one["private_test"]["all"]
        accuracies = (percent(tested[kind]["accuracy"]) for kind in KINDS)
        views = VIEWS[found["choice"]["general"] if name == "general" else name]
        rows.append([f"`{name}`", *accuracies, str(views), f"{one['bytes'] / 1e6:.1f}"])
    heads = [f"accuracy by {kind}, %" for kind in KINDS.values()]
    return markdown(["network", *heads, "predictions averaged per face", "file, MB"], rows)


def labels_text(labels):
    """What the two kinds of labels are and how far they are apart."""
    shares = {
        name: " and ".join(f"{percent(labels['shares'][kind][name], 0)}%" for kind in KINDS)
        for name in ("neutral", "fear")
    }
    shares["neutral"] += " (FER2013's and majority labels)"
    differ, faces = f"{percent(labels['differ'], 0)}%", f"{labels['faces']:,}"
    return text.LABELS.format(differ=differ, faces=faces, **shares)


def scores(networks):
    """Heading, explanation and tables of the scores on PrivateTest."""
    first = networks["general"]["private_test"]["all"]["annotators"]["per_class"]
    counts = {name: first[name]["support"] for name in ("contempt", "disgust", "fear")}
    parts = ["## Scores on PrivateTest", text.SCORES.format(**counts)]
    for part, words in PARTS.items():
        faces = networks["general"]["private_test"][part]
        count, labelled = (f"{faces[kind]['faces']:,}" for kind in KINDS)
        parts.append(f"{words} ({count}; {labelled} have a majority label):")
        parts.append(score_table(networks, part))
    for kind, words in KINDS.items():
        parts += [f"Recall of single classes by {words}, all faces:", recall_table(networks, kind)]
    return parts


def score_table(networks, part):
    """Accuracy and balanced accuracy by both kinds of labels on a part of PrivateTest."""
    rows = []
    for name in NETWORKS:
        row = [f"`{name}`"]
        for kind in KINDS:
            one = networks[name]["private_test"][part][kind]
            row += [score_cell(one), percent(one["balanced_accuracy"])]
        rows.append(row)
    return markdown(["network", *heads()], rows)


def recall_table(networks, kind):
    """Recall of some classes on all of PrivateTest."""
    rows = []
    for name in NETWORKS:
        classes = networks[name]["private_test"]["all"][kind]["per_class"]
        rows.append([f"`{name}`", *(percent(classes[one]["recall"]) for one in RECALLED)])
    return markdown(["network", *(f"{name}, %" for name in RECALLED)], rows)


def adjusted_table(networks):
    """Scores on all of PrivateTest with known class shares, and the change by them."""
    rows = []
    for name in NETWORKS:
        plain, row = networks[name]["private_test"]["all"], [f"`{name}`"]
        for kind, one in networks[name]["private_test_adjusted"].items():
            for key in ("accuracy", "balanced_accuracy"):
                row.append(f"{percent(one[key])} ({points(one[key] - plain[kind][key])})")
        rows.append(row)
    return markdown(["network", *heads(", % (change)")], rows)


def speed(networks, benchmarks):
    """Heading, table and figure of the times; nothing where benchmarks/front.py has not run."""
    timed = {words: benchmarks[one] for one, words in TIMED.items() if one in benchmarks}
    if not timed:
        return []
    first = next(iter(timed))
    rows = [
        [label, *(cell for one in timed.values() for cell in times_cells(one, name)), accuracy]
        for name, label, accuracy in timed_networks(networks, benchmarks, timed[first])
    ]
    machines = (
        f"{words}: one core of {machine_text(one['machine'])}, medians of {one['rounds']} rounds, "
        f"other programs used {one['busy_cores']:.1f} cores"
        for words, one in timed.items()
    )
    heads = (f"{words}: ms per face, {one} at a time" for words in timed for one in ("one", "64"))
    return [
        "## Accuracy and time",
        f"{'; '.join(machines)}. In each round the networks took turns. The accuracy is by "
        "FER2013's labels on PrivateTest. The epoch of `fer` was chosen on PublicTest and "
        f"PrivateTest. The figure shows the times with {first}.",
        markdown(["network", *heads, "accuracy, %"], rows),
        "![Accuracy on PrivateTest over milliseconds per face](front.svg)",
    ]


def timed_networks(networks, benchmarks, timed):
    """Yields the key of each network that was timed, its name and its accuracy as a cell."""
    for name in timed["median"]:
        own = name.removeprefix("ferd_")
        if own in networks:
            yield name, f"`{own}`", score_cell(networks[own]["private_test"]["all"]["fer2013"])
        else:
            peers = benchmarks["peers"]
            shown = peers["accuracy"][name]["crops_private_test"], peers["images"]["private_test"]
            yield name, f"the package `{name}` {timed['versions'][name]}", counted_cell(*shown)


def times_cells(timed, name):
    """Milliseconds per face, one at a time and 64 at a time."""
    return [f"{timed['median'][name][f'ms_per_face_at_{count}']:.2f}" for count in (1, 64)]


def unseen_table(unseen):
    """Accuracies of `improved` and others on faces that none of them was trained on."""
    first = unseen["improved"]
    head = [
        f"{words}, {first[kind]['faces']:,} faces: accuracy, %" for kind, words in KINDS.items()
    ]
    rows = [
        [f"`{name}`", *(score_cell(unseen[name][kind]) for kind in KINDS)]
        for name in ("improved", "compact", "general")
    ]
    return markdown(["network", *head], rows)
