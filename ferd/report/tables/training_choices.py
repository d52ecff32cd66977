"""Writes the table of single choices of the training, each with and without."""

from ferd.report.claims import FAMILIES
from ferd.report.number_text import p_text, points
from ferd.scoring.claim_list import CHOICES
from ferd.study.markdown import markdown

INTRODUCTION = (
    "Networks that differ in one choice of the training, on the detected test faces. Intervals and "
    "tests as in docs/results.md, Holm's correction over the choices of one recipe; with 1 run "
    "on a side the interval is for new faces alone. Balanced accuracy: the mean of the classes' "
    "recalls."
)


def training_choices(claims):
    """Paragraphs: the table and what it shows, or nothing where no choice was tried.

    Args:
        claims: metrics/details/claims.json, or None.
    """
    rows = [
        _row(choice, recipe, found[choice.pair])
        for family, recipe in FAMILIES.items()
        if (found := (claims or {}).get(family, {}).get("detected", {}).get("choices"))
        for choice in CHOICES
        if choice.pair in found
    ]
    head = ["choice", "recipe", "runs with / without"]
    head += [f"{score}, points (interval)" for score in ("accuracy", "balanced accuracy")]
    return [INTRODUCTION, markdown(head, rows)] if rows else []


def _row(choice, recipe, entry):
    balanced = entry["balanced"]
    return [
        choice.text,
        recipe,
        f"{entry['first_seeds']} / {entry['second_seeds']}",
        _difference(entry, "p_faces_holm"),
        _difference(balanced, "p_holm"),
    ]


def _difference(entry, key):
    low, high = points(entry["low"], 2), points(entry["high"], 2)
    return f"{points(entry['difference'], 2)} ({low} to {high}), {p_text(entry[key])}"
