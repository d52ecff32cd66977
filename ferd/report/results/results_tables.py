"""Writes the tables of docs/results.md: our mean over seeds beside each figure of the paper."""

import re
from statistics import mean

from ferd.classes import CLASSES
from ferd.report import paper_results
from ferd.report.claims import VERDICT_PARTS
from ferd.report.comparison import at
from ferd.report.number_text import counted_cell, percent, with_interval
from ferd.report.tables.paper_figures import NOT_RUN
from ferd.study.markdown import markdown

LETTER, OURS, IMPROVED = "CNN to the letter", "CNN, our recipe", "`improved`"
OURS_IN_TEXT = "the CNN (our recipe)"
PAPER = {
    "the paper's CNN": paper_results.CNN,
    "the paper's voting": paper_results.VOTING,
    "the paper's stacking": paper_results.STACKING,
}
# Name of a model: its run, the place of its test scores, its family and key in claims.json.
MODELS = {
    LETTER: ("train", ("test",), ("letter", "cnn")),
    OURS: ("cosine", ("test",), ("cosine", "cnn")),
    "voting to the letter": ("automl_voting", ("soft",), ("letter", "soft vote")),
    "voting, our recipe": ("cosine_voting", ("soft",), ("cosine", "soft vote")),
    "stacking to the letter": ("automl_stacking", ("stack",), ("letter", "stack")),
    "stacking, our recipe": ("cosine_stacking", ("stack",), ("cosine", "stack")),
    IMPROVED: ("improved", ("classes",), ("improved", "improved")),
}
SCORES = ("precision", "recall", "f1")
NOT_SCORED = "not scored"
# Name of a figure of Tables III and IV, and its place in the scores.
FIGURES = {
    "accuracy": ("accuracy",),
    "AUC": ("auc",),
    "weighted recall": ("weighted", "recall"),
    "weighted precision": ("weighted", "precision"),
    "weighted F1": ("weighted", "f1"),
    "kappa": ("kappa",),
    "MCC": ("mcc",),
}


def scores_of(metrics, model):
    """The test scores of each run of a model, the first seed's first.

    Args:
        metrics: From `ferd.study.details.read_details`.
        model: Of `MODELS`.

    Returns:
        List of dicts, one per seed; empty if the model has not run.
    """
    run, place, _ = MODELS[model]
    pattern = re.compile(rf"{run}|replicate/{run}_\d+|{run}/\d+")
    return [at(found, place) for name, found in metrics.items() if pattern.fullmatch(name)]


def accuracy_table(metrics):
    """Markdown: the paper's models and ours on the detected test faces.

    Args:
        metrics: As in `scores_of`; a model that has not run has no figures.
    """
    rows = [_paper_row(name, figures) for name, figures in PAPER.items()]
    rows += [_model_row(metrics, model) for model in MODELS]
    alone = "without any copy in train, % (95% interval)"
    head = ["model", "seeds", "accuracy, % (95% interval)", alone]
    return markdown([*head, "balanced accuracy, %", "macro F1, %"], rows)


def class_table(metrics):
    """Markdown: Table II beside the mean over seeds of both CNNs, class by class.

    Args:
        metrics: As in `scores_of`.
    """
    runs = [scores_of(metrics, model) for model in (LETTER, OURS)]
    tested = next((found[0] for found in runs if found), None)
    rows = []
    for name in CLASSES:
        faces = tested["per_class"][name]["support"] if tested else None
        rows.append([name, _count(faces), *_three_cells(runs, ("per_class", name))])
    rows.append(["macro", _count(tested and tested["faces"]), *_three_cells(runs, ("macro",))])
    columns = (f"{score}: paper / letter / our recipe" for score in ("precision", "recall", "F1"))
    return markdown(["class", "faces", *columns], rows)


def ensembles_table(metrics):
    """Markdown: Tables III and IV beside our soft voting and stacking, by both kinds of settings.

    Args:
        metrics: As in `scores_of`.
    """
    columns = {
        name: (
            PAPER[f"the paper's {name}"],
            [scores_of(metrics, f"{name}{kind}") for kind in (" to the letter", ", our recipe")],
        )
        for name in ("voting", "stacking")
    }
    rows = []
    for label, place in FIGURES.items():
        rows.append([label, *(_beside(*column, place, 4, 4) for column in columns.values())])
    for name in CLASSES:
        # The paper gives two decimals.
        cells = (_beside(*column, ("per_class", name, "f1"), 2, 3) for column in columns.values())
        rows.append([f"F1, {name}", *cells])
    return markdown(["figure", *(f"{name}: paper / letter / our recipe" for name in columns)], rows)


def _beside(paper, columns, place, paper_digits, digits):
    """A figure as `paper / letter / our recipe`."""
    ours = (_mean_cell(runs, place, digits) for runs in columns)
    return " / ".join([f"{at(paper, place):.{paper_digits}f}", *ours])


def _paper_row(name, figures):
    accuracy = counted_cell(figures["accuracy"], paper_results.CROP["test"]["found"])
    macro = (percent(figures["macro"][score], 0) for score in ("recall", "f1"))
    return [name, "not given", accuracy, "", *macro]


def _model_row(metrics, model):
    runs = scores_of(metrics, model)
    if not runs:
        return [model, *[NOT_RUN] * 5]
    family, key = MODELS[model][2]
    accuracies = _claims_cells(metrics.get("claims", {}).get(family, {}), key, runs)
    macro = (percent(mean(one["macro"][score] for one in runs)) for score in ("recall", "f1"))
    return [model, str(len(runs)), *accuracies, *macro]


def _claims_cells(family, key, runs):
    """Accuracy on all faces and on those without a copy, from metrics/details/claims.json."""
    scores = [family.get(part, {}).get("accuracy", {}).get(key) for part in VERDICT_PARTS]
    if scores[0] is None or scores[0]["seeds"] != len(runs):
        # The runs are newer than the file: their mean has no interval yet.
        return [percent(mean(one["accuracy"] for one in runs)), NOT_SCORED]
    return [with_interval(one["mean"], one["low"], one["high"]) if one else "" for one in scores]


def _three_cells(runs, place):
    """Precision, recall and F1 at a place of Table II, each `paper / letter / our recipe`."""
    return [_beside(paper_results.CNN, runs, (*place, score), 2, 3) for score in SCORES]


def _mean_cell(runs, place, digits):
    return f"{mean(at(one, place) for one in runs):.{digits}f}" if runs else NOT_RUN


def _count(faces):
    return NOT_RUN if faces is None else f"{faces:,}"
