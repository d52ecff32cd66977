"""Writes the tables of what SMOTE does to the recall of each class."""

from ferd.report.claims import FAMILIES
from ferd.report.model_names import shown
from ferd.report.number_text import p_value, percent, points, seeds_text
from ferd.study.markdown import markdown


def recall_section(claims):
    """Paragraphs: a table per ensemble and recipe, a row per class.

    Args:
        claims: metrics/details/claims.json, or None where there is none.
    """
    parts = []
    for family, recipe in FAMILIES.items():
        found = (claims or {}).get(family, {}).get("detected", {}).get("recalls", {})
        for pair, classes in found.items():
            name = shown(pair.split(" - ")[0])
            count = seeds_text(next(iter(classes.values()))["first_seeds"])
            parts += [f"{name[0].upper()}{name[1:]}, {recipe} ({count}):", recall_table(classes)]
    if not parts:
        return []
    return [
        "## SMOTE, class by class",
        "Recall on the detected test faces with SMOTE and without. Intervals as in "
        "docs/results.md; exact sign-flip test over the groups of copies, Holm's correction over "
        "the classes.",
        *parts,
    ]


def recall_table(classes):
    """Markdown: a row per class.

    Args:
        classes: Of one pair of ensembles, from `ferd.scoring.claims.compare_recalls`.
    """
    rows = [
        [
            f"{name} ({found['faces']:,} faces)",
            *(percent(found[which]) for which in ("first", "second")),
            points(found["difference"]),
            f"{points(found['low'])} to {points(found['high'])}",
            p_value(found["p_faces_holm"]),
        ]
        for name, found in classes.items()
    ]
    head = ["recall", "with SMOTE, %", "without SMOTE, %", "difference, points"]
    return markdown([*head, "95% interval, points", "p, Holm's correction"], rows)
