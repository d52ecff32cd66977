"""Writes the tables that compare our networks with the paper's and other published ones."""

from typing import NamedTuple

from ferd.report import table_one
from ferd.report.first_seed import first_seed
from ferd.report.model_names import shown
from ferd.report.number_text import counted_cell, p_text, percent, points, score_cell, with_interval
from ferd.report.paper_results import CROP, STACKING
from ferd.study.markdown import markdown


class Published(NamedTuple):
    """A published score, with a note for comparisons."""

    name: str
    accuracy: float
    weights: str
    note: str


# On PrivateTest. Khaireddin and Chen: https://arxiv.org/abs/2105.03588; ResMaskingNet: Pham, Vu and
# Tran, ICPR 2020; human accuracy: Goodfellow et al., https://arxiv.org/abs/1307.0414.
FIELD = (
    Published("VGG variant, Khaireddin and Chen 2021", 0.7328, "", "epoch chosen on the test set"),
    Published("ResMaskingNet, Pham et al. 2020", 0.7414, "143M", "ImageNet start, 224 px"),
    Published("human accuracy, Goodfellow et al. 2013", 0.65, "", "± 5 points, on FER2013"),
)
# The second averages the mirror image in, as our networks do.
REPRODUCED = ("cnn", "cnn, flip averaging", "soft vote", "stack")
VIEWS = {"cnn": 1, "cnn, flip averaging": 2}
TITLES = {
    "improved": "`improved`, a residual network",
    "compact": "`compact`, fewer multiply-adds than `benchmark_fer2013`",
    "benchmark_fer2013": "`benchmark_fer2013`, the recipe of `improved`",
    "compact_gpu": "`compact_gpu`, `compact` distilled from `benchmark_gpu`",
    "benchmark_gpu": "`benchmark_gpu`, twice the channels of `benchmark_fer2013`",
    "distilled_gpu": "`distilled_gpu`, distilled from `benchmark_gpu`",
}
HEAD = (
    "network",
    "accuracy, % (95% interval)",
    "accuracy without a copy in train, %",
    "weights",
    "million multiply-adds per face",
)
PARTS = {
    "all": "PrivateTest",
    "without_copy": "without a copy in Training",
    "with_copy": "with one",
}
TRAINED_ON = ("Training", "Training without them")


def headline_tables(headline, models):
    """Paragraphs: a table for each of the two splits, and one on copies.

    Args:
        headline: metrics/details/headline.json.
        models: `models` of metrics/details/evaluate.json.
    """
    score = counted_cell(STACKING["accuracy"], CROP["test"]["found"])
    paper = [["the paper's stacking", score, "", f"{table_one.parameters():,}", ""]]
    paper += [_reproduced(name, models[name]) for name in REPRODUCED]
    paper += _ours("improved", headline["improved"])
    official = _ours("compact", headline["compact"])
    official += _ours("benchmark_fer2013", headline["benchmark_fer2013"])
    for stage, scores in headline["gpu"].items():
        official += [*_ours(stage, scores), _one_window(stage, scores)]
    if headline["packages"]:  # measured on these data
        official += [_best_package(headline["packages"], headline["package_faces"])]
    official += [
        [f"{one.name} ({one.note})", percent(one.accuracy), "", one.weights, ""] for one in FIELD
    ]
    return [
        "## The paper's split",
        "Trained on its train folder, scored on the detected faces of its test folder. `improved` "
        "is trained on whole images, those without a detected face included. Intervals are over "
        "test faces; that of a mean over seeds is Student's t. A copy is exact or near. Views are "
        "the windows and mirror images of a face whose predictions are averaged at test; "
        "multiply-adds count each of them.",
        markdown(HEAD, paper),
        "## FER2013's own split",
        "Trained on its part Training, scored on all of its part PrivateTest. Published scores are "
        "those of the papers; the package was measured on the same images. One view: the middle "
        "window alone, first seed. The networks named `..._gpu` were trained on one GPU "
        "(stages/gpu/dvc.yaml).",
        markdown(HEAD, official),
        "## Copies in PrivateTest",
        "PrivateTest holds copies of Training images. `compact` was trained twice from one seed, "
        "with these Training images and without them (exact McNemar test):",
        copies_table(headline["copies"]),
    ]


def copies_table(copies):
    """Markdown: a row per network and one of their difference.

    Args:
        copies: `copies` of metrics/details/headline.json.
    """
    tests = copies["tests"]
    models = next(iter(tests["all"])).split(" - ")
    labels = [f"{PARTS[part]} ({_faces(copies, part)})" for part in tests]
    rows = [
        [
            f"{label} ({copies[model]['train_faces']:,} images)",
            *(percent(copies[model][part]["accuracy"], 2) for part in tests),
        ]
        for model, label in zip(models, TRAINED_ON, strict=True)
    ]
    changes = [next(iter(tests[part].values())) for part in tests]
    rows.append(["difference, points", *map(_change, changes)])
    return markdown(["accuracy of `compact`, %, by its training images", *labels], rows)


def _faces(copies, part):
    return f"{copies['compact'][part]['faces']:,}"


def _change(test):
    return f"{points(test['difference'], 2)}, {p_text(test['p'])}"


def _reproduced(name, parts):
    weights, work = "", ""
    if name in VIEWS:
        weights = f"{table_one.parameters():,}"
        work = f"{table_one.multiply_adds() * VIEWS[name] / 1e6:.1f}"
    alone = percent(parts["without_copy"]["accuracy"])
    return [f"reproduced, {shown(name)}", score_cell(parts["detected"]), alone, weights, work]


def _best_package(packages, faces):
    name = max(packages, key=packages.get)
    label = f"`{name}`, the best of {len(packages)} variants of other packages"
    return [label, counted_cell(packages[name], faces), "", "", ""]


def _ours(stage, scores):
    network = scores["network"]
    size = [f"{network['parameters']:,}", _work(network, network["views"])]
    first = first_seed(scores)
    label = TITLES[stage] + (", first seed" if "spread" in scores else "")
    rows = [[label, score_cell(first), percent(first["without_copy"]["accuracy"]), *size]]
    if "spread" in scores:
        spread, average = scores["spread"], scores["average"]
        name = f"`{stage}`, mean of {spread['seeds']} seeds (SD {percent(spread['sd'], 2)})"
        mean = with_interval(spread["mean"], spread["low"], spread["high"])
        rows.append([name, mean, "", *size])
        work = _work(network, network["views"] * spread["seeds"])
        name = f"`{stage}`, the {spread['seeds']} networks averaged"
        rows.append([name, score_cell(average), "", "", work])
    return rows


def _one_window(stage, scores):
    """The row of the middle window alone, of the first seed."""
    network = scores["network"]
    alone = first_seed(scores)["centre"]
    label = f"`{stage}`, one view"
    return [label, score_cell(alone), "", f"{network['parameters']:,}", _work(network, 1)]


def _work(network, views):
    return f"{network['multiply_adds'] * views / 1e6:,.1f}"
