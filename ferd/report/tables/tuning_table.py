"""Writes what the search of hyperparameters found, for docs/tables.md."""

from ferd.report.model_names import shown
from ferd.report.number_text import percent
from ferd.study.markdown import markdown

DEFAULTS = "PyCaret's defaults"


def tuning_part(compared):
    """Paragraphs: the models of `automl_compare` before and after the search.

    Args:
        compared: metrics/details/automl_compare.json; empty if it has not been written.

    Returns:
        List of Markdown paragraphs; empty where no model was tuned.
    """
    if not any(facts["tuned"] for facts in compared.values()):
        return []
    return [
        "## Tuned hyperparameters",
        "Of the ensembles to the letter. The search ran once, on the features of the first seed. "
        "Accuracies are cross-validated on training faces, with copies of a picture on one side of "
        "a fold; the CNN was trained on these faces, so all are higher than on test faces. The "
        "search keeps the defaults where none of its draws is better. Its ranges and its limits "
        "are in [reproduction.md](reproduction.md).",
        tuning_table(compared),
    ]


def tuning_table(compared):
    """Markdown: a row per model, with its accuracies and the hyperparameters that were chosen.

    Args:
        compared: As in `tuning_part`.
    """
    rows = []
    for name, facts in compared.items():
        if not facts["tuned"]:
            accuracy = percent(facts["cross_validated"]["accuracy"], 2)
            rows.append([shown(name), accuracy, "not tuned", DEFAULTS])
            continue
        cells = (percent(facts[f"{kind}_accuracy"], 2) for kind in ("default", "tuned"))
        rows.append([shown(name), *cells, _text(facts["hyperparameters"])])
    head = ["model", "accuracy by the defaults, %", "best accuracy of the search, %"]
    return markdown([*head, "hyperparameters that are used"], rows)


def _text(values):
    return ", ".join(f"{key} {value}" for key, value in sorted(values.items())) or DEFAULTS
