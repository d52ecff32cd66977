"""What the tables of claims, accuracies, classes and ensembles of docs/results.md must say.

Each cell is a text with a place for each number, and the numbers.
"""

import numpy as np
from scipy import stats
from sklearn import metrics
from verify_facts import (
    CLAIMS,
    CLASSES,
    COLUMNS,
    ENSEMBLES,
    FAMILIES,
    MODELS,
    NOT_RUN,
    PAPER_ACCURACY,
    PAPER_CLASSES,
    PAPER_F1,
    PAPER_FACES,
    PAPER_FIGURES,
    PAPER_MACRO,
)
from verify_methods import holm, sign_flip, two_way


def decide(claim, low, high, p):
    """The verdict on a claim."""
    low, high = sorted((claim.sign * low, claim.sign * high))
    if p < 0.05 and low > claim.least:
        return "reproduced"
    if (p < 0.05 and high < 0) or (claim.least and high < claim.least):
        return "not reproduced"
    return "not decidable at this size"


def claims_section(study):
    """The tables of the claims, one per part of the test set."""
    right = {
        family: {model: study.right(run) for model, run in runs.items()}
        for family, runs in FAMILIES.items()
    }
    head = ["the paper's claim", "the paper, points"]
    head += [f"{family}: points (interval), verdict" for family in FAMILIES]
    tables = []
    for mask in study.parts.values():
        columns = [claim_cells(study, found, mask) for found in right.values()]
        rows = {
            claim.text: [claim.paper, *(cells[claim.text] for cells in columns)] for claim in CLAIMS
        }
        tables.append((head, rows))
    sentences = [
        ("All detected test faces ({:,}):", len(study.faces)),
        ("Test faces without any copy in train ({:,}):", study.parts["alone"].sum()),
    ]
    return tables, sentences


def claim_cells(study, right, mask):
    """Differences with intervals and verdicts by claim, for one family of runs and some faces."""
    groups, classes = study.faces["copy_group"][mask], study.faces["class"][mask]
    found = {}
    for claim in CLAIMS:
        first, second = right.get(claim.first, []), right.get(claim.second, [])
        if len(first) and len(second):
            first, second = first[:, mask], second[:, mask]
            sides, one_run = [(1, first), (-1, second)], min(len(first), len(second)) == 1
            if claim.first in ENSEMBLES:
                # Both come of the same run of the CNN.
                count = min(len(first), len(second))
                first, second = first[:count], second[:count]
                sides = [(1, first - second)]
            changes = first.sum(axis=0) * len(second) - second.sum(axis=0) * len(first)
            found[claim.text] = {
                "accuracy": (*two_way(sides, groups)[:3], sign_flip(changes, groups)),
                "balanced": two_way(sides, groups, classes),
                "one run": one_run,
            }
    corrected = {
        score: holm({text: one[score][3] for text, one in found.items()})
        for score in ("accuracy", "balanced")
    }
    cells = {}
    for claim in CLAIMS:
        cells[claim.text] = NOT_RUN
        if claim.text in found:
            score = "balanced" if claim.balanced else "accuracy"
            estimate, low, high, _ = found[claim.text][score]
            verdict = decide(claim, low, high, corrected[score][claim.text])
            more = " (one run)" if found[claim.text]["one run"] else ""
            text = "{:+.2f} ({:+.2f} to {:+.2f}), " + verdict + more
            cells[claim.text] = (text, 100 * estimate, 100 * low, 100 * high)
    return cells


def accuracy_section(study):
    """The accuracies of the paper's models and of ours."""
    head = ["model", "seeds", "accuracy, % (95% interval)"]
    head += ["without any copy in train, % (95% interval)", "balanced accuracy, %", "macro F1, %"]
    rows = {}
    for name, (_, recall, f1) in PAPER_MACRO.items():
        accuracy = PAPER_ACCURACY[name]
        counted = stats.binomtest(round(accuracy * PAPER_FACES), PAPER_FACES)
        interval = counted.proportion_ci(method="wilson")
        cells = [interval_cell(accuracy, *interval), ("",), *whole_percents(recall, f1)]
        rows[f"the paper's {name}"] = [("not given",), *cells]
    for name, run in MODELS.items():
        tables, right = study.tables(run), study.right(run)
        rows[name] = [NOT_RUN] * 5
        if tables:
            groups = study.faces["copy_group"]
            accuracies = [
                interval_cell(*two_way([(1, right[:, mask])], groups[mask])[:3])
                for mask in study.parts.values()
            ]
            macro = np.mean([macro_scores(table) for table in tables], axis=0)[1:]
            cells = [*accuracies, *(("{:.1f}", 100 * value) for value in macro)]
            rows[name] = [("{}", len(tables)), *cells]
    return [(head, rows)], []


def interval_cell(value, low, high):
    """An accuracy and its interval, in percent."""
    return "{:.1f} ({:.1f} to {:.1f})", 100 * value, 100 * low, 100 * high


def whole_percents(*values):
    """Fractions in percent without decimals."""
    return [("{:.0f}", 100 * value) for value in values]


def macro_scores(table):
    """Macro precision, recall and F1."""
    return scores_by(table, "macro")[:3]


def scores_by(table, average):
    """Precision, recall, F1 and support; by class if the average is None."""
    return metrics.precision_recall_fscore_support(
        table["actual"], table["predicted"], labels=CLASSES, average=average, zero_division=0
    )


def class_section(study):
    """Table II beside both CNNs."""
    scores = ("precision", "recall", "F1")
    head = ["class", "faces", *(f"{score}: paper / letter / our recipe" for score in scores)]
    columns = [study.tables(MODELS[name]) for name in ("CNN to the letter", "CNN, our recipe")]
    places = {name: (None, number) for number, name in enumerate(CLASSES)}
    rows = {}
    for name, (average, number) in (places | {"macro": ("macro", ...)}).items():
        paper = PAPER_CLASSES.get(name, PAPER_MACRO["CNN"])
        counted = (study.faces["class"] == name).sum() or len(study.faces)
        rows[name] = [("{:,}", counted)]
        for index in range(3):
            cell = ["{:.2f}", paper[index]]
            for tables in columns:
                values = [np.array(scores_by(table, average)[index])[number] for table in tables]
                cell[0] += " / {:.3f}" if values else " / not run"
                cell += [np.mean(values)] if values else []
            rows[name].append(tuple(cell))
    return [(head, rows)], []


def ensembles_section(study):
    """Tables III and IV beside voting and stacking, by both kinds of settings."""
    names = ("voting", "stacking")
    head = ["figure", *(f"{name}: paper / letter / our recipe" for name in names)]
    ours = [
        [
            figures_of(study.tables(MODELS[name + kind]))
            for kind in (" to the letter", ", our recipe")
        ]
        for name in names
    ]
    rows = {}
    for name, paper in PAPER_FIGURES.items():
        rows[name] = [_beside(*pair, name, 4, 4) for pair in zip(paper, ours, strict=True)]
    for name, paper in PAPER_F1.items():
        label = f"F1, {name}"
        rows[label] = [_beside(*pair, label, 2, 3) for pair in zip(paper, ours, strict=True)]
    return [(head, rows)], []


def _beside(paper, columns, label, paper_digits, digits):
    """A figure as `paper / letter / our recipe`."""
    values = [found[label] for found in columns if found]
    text = [f"{{:.{digits}f}}" if found else "not run" for found in columns]
    return " / ".join([f"{{:.{paper_digits}f}}", *text]), paper, *values


def figures_of(tables):
    """Every figure of Tables III and IV, the mean over the seeds; none if none has run."""
    found = [seed_figures(table) for table in tables]
    return {name: np.mean([one[name] for one in found]) for name in (found[0] if found else ())}


def seed_figures(table):
    """Every figure of Tables III and IV of one run."""
    precision, recall, f1, _ = scores_by(table, "weighted")
    sides = table["actual"], table["predicted"]
    # Not made to sum to 1: rounding would then part probabilities that are equal.
    auc = metrics.roc_auc_score(
        sides[0], table[COLUMNS], multi_class="ovr", average="weighted", labels=CLASSES
    )
    found = {"accuracy": metrics.accuracy_score(*sides), "AUC": auc, "weighted recall": recall}
    found |= {"weighted precision": precision, "weighted F1": f1}
    found |= {"kappa": metrics.cohen_kappa_score(*sides), "MCC": metrics.matthews_corrcoef(*sides)}
    by_class = zip(CLASSES, scores_by(table, None)[2], strict=True)
    return found | {f"F1, {name}": value for name, value in by_class}
