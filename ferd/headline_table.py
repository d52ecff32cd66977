"""The README's headline: the paper, its reproduction, the networks made here, and the field."""

from typing import NamedTuple

from ferd.paper_results import CNN, STACKING
from ferd.report_tables import p_value
from ferd.tables import markdown


class Published(NamedTuple):
    """A published score, and what to know before setting another beside it."""

    name: str
    accuracy: float
    weights: str
    note: str


# On PrivateTest. Khaireddin and Chen: https://arxiv.org/abs/2105.03588; ResMaskingNet: Pham, Vu and
# Tran, ICPR 2020; people: Goodfellow et al., https://arxiv.org/abs/1307.0414.
FIELD = (
    Published("VGG variant, Khaireddin and Chen 2021", 0.7328, "", "epoch chosen on the test set"),
    Published("ResMaskingNet, Pham et al. 2020", 0.7414, "143M", "ImageNet start, 224 px"),
    Published("people, Goodfellow et al. 2013", 0.65, "", "± 5 points, on FER2013"),
)
# The second averages what the networks made here average too.
REPRODUCED = ("cnn", "cnn, flip averaging", "soft vote", "stack")
TITLES = {
    "improved": "improved: one network",
    "compact": "compact: under 1M weights",
    "benchmark_fer2013": "benchmark_fer2013: one network",
    "compact_gpu": "compact_gpu: under 1M weights, taught by benchmark_gpu, on one GPU",
    "benchmark_gpu": "benchmark_gpu: one network, on one GPU",
    "distilled_gpu": "distilled_gpu: the same, taught by benchmark_gpu, on one GPU",
}
PARTS = {
    "all": "PrivateTest",
    "without_twin": "without a copy in Training",
    "with_twin": "with one",
}
TRAINED_ON = {"compact": "Training", "ablation_twins_compact": "Training without them"}


def headline_tables(headline, models):
    """Markdown: two tables, one for each protocol.

    Args:
        headline: metrics/headline.json.
        models: `models` of metrics/evaluate.json.

    Returns:
        List of paragraphs.
    """
    weights = f"{CNN['parameters']:,}"
    paper = [["the paper, stacking", *_cells(STACKING["accuracy"]), "", weights, ""]]
    paper += [_reproduced(f"reproduced, {name}", models[name]) for name in REPRODUCED]
    paper += _ours("improved", headline["improved"])
    official = _ours("compact", headline["compact"])
    official += _ours("benchmark_fer2013", headline["benchmark_fer2013"])
    for stage, scores in headline["gpu"].items():
        official += [*_ours(stage, scores), _one_window(stage, scores)]
    official += [_best_package(headline["packages"])]
    official += [
        [f"{one.name} ({one.note})", f"{one.accuracy:.4f}", "", "", one.weights, ""]
        for one in FIELD
    ]
    head = [
        *("network", "accuracy", "95% interval", "without a copy in train", "weights"),
        "M multiply-adds x views",
    ]
    return [
        "**The paper's protocol**: trained on its train folder, scored on the detected faces of "
        "its test folder. The improved network is trained on uncut images, also those without a "
        "detected face, and shown the detected ones uncut. A face costs the multiply-adds of one "
        "view as often as views of it are averaged. Intervals are over test faces, that of a mean "
        "over seeds (Student's t).",
        markdown(head, paper),
        "**FER2013's own protocol**: trained on Training, scored once on all of PrivateTest. "
        "Published figures are as given; packages are measured, on the same images. What was "
        "trained on a GPU is no part of `dvc repro`: stages/gpu/dvc.yaml.",
        markdown(head, official),
        "PrivateTest holds copies of Training images (same scene, whatever the label). `compact` "
        "from one seed, with these in training and without (exact McNemar):",
        twins_table(headline["twins"]),
    ]


def twins_table(twins):
    """Markdown: `twins` of metrics/headline.json, a row per network and their difference."""
    tests = twins["tests"]
    head = ["`compact`, trained on", *(f"{PARTS[part]} ({_faces(twins, part)})" for part in tests)]
    rows = [
        [
            f"{label} ({twins[model]['train_faces']:,} images)",
            *(f"{twins[model][part]['accuracy']:.4f}" for part in tests),
        ]
        for model, label in TRAINED_ON.items()
    ]
    changes = [next(iter(tests[part].values())) for part in tests]
    rows.append(["what the copies give, in points", *map(_change, changes)])
    return markdown(head, rows)


def _faces(twins, part):
    return f"{twins['compact'][part]['faces']:,}"


def _change(test):
    return f"{100 * test['difference']:+.2f}, p {p_value(test['p'])}"


def _reproduced(label, parts):
    whole = parts["detected"]
    return [label, *_cells(whole["accuracy"], whole), _alone(parts["without_twin"]), "", ""]


def _best_package(packages):
    name = max(packages, key=packages.get)
    label = f"`{name}`, best of {len(packages)} variants of PyPI's packages (measured)"
    return [label, *_cells(packages[name]), "", "", ""]


def _ours(stage, scores):
    network = scores["network"]
    work = f"{network['multiply_adds'] / 1e6:.1f} x {network['views']}"
    size = [f"{network['parameters']:,}", work]
    first = next(iter(scores["seeds"].values()))
    label = TITLES[stage]
    rows = [[label, *_cells(first["accuracy"], first), _alone(first["without_twin"]), *size]]
    if "spread" in scores:
        spread, average = scores["spread"], scores["average"]
        name = f"{label}, mean of {spread['seeds']} seeds (SD {spread['sd']:.4f})"
        rows.append([name, *_cells(spread["mean"], spread), "", *size])
        name = f"{stage}: the {spread['seeds']} networks averaged"
        rows.append([name, *_cells(average["accuracy"], average), "", "", ""])
    return rows


def _one_window(stage, scores):
    """The row of the middle window alone, of the first seed."""
    network = scores["network"]
    alone = next(iter(scores["seeds"].values()))["centre"]
    size = [f"{network['parameters']:,}", f"{network['multiply_adds'] / 1e6:.1f} x 1"]
    return [f"{stage}: its middle window alone", *_cells(alone["accuracy"], alone), "", *size]


def _cells(accuracy, bounds=None):
    return [f"{accuracy:.4f}", f"{bounds['low']:.4f} to {bounds['high']:.4f}" if bounds else ""]


def _alone(scores):
    return f"{scores['accuracy']:.4f}"
