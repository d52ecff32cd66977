"""Writes the tables of what SMOTE does to the recall of each class."""

from ferd.report.model_names import shown
from ferd.report.number_text import p_value, percent, points
from ferd.study.markdown import markdown


def recall_section(ensembles):
    """Paragraphs: a table per ensemble, a row per class.

    Args:
        ensembles: metrics/details/smote_recall.json, or None where there is none.
    """
    if not ensembles:
        return []
    parts = [
        "## SMOTE, class by class",
        "Recall on the detected test faces with SMOTE and without: exact McNemar test on the faces "
        "of the class, Holm's correction over the classes. One run each.",
    ]
    for name, classes in ensembles.items():
        parts += [f"{shown(name)[0].upper()}{shown(name)[1:]}:", recall_table(classes)]
    return parts


def recall_table(classes):
    """Markdown: a row per class.

    Args:
        classes: Of one ensemble, from `ferd.scoring.class_recall.compare_recalls`.
    """
    rows = [
        [
            f"{name} ({found['faces']:,} faces)",
            *(percent(found[which]) for which in ("first", "second")),
            points(found["difference"]),
            f"{points(found['low'])} to {points(found['high'])}",
            p_value(found["p_holm"]),
        ]
        for name, found in classes.items()
    ]
    head = ["recall", "with SMOTE, %", "without SMOTE, %", "difference, points"]
    return markdown([*head, "95% interval, points", "p, Holm's correction"], rows)
