"""Recomputes every number of docs/results.md from the committed predictions, with code of its own.

Nothing of `ferd` or `stages` is imported, so that an error there cannot repeat itself here.

Reads   docs/results.md; plots/audit/images.csv (a row per image: detected, copies, annotator
        votes); every plots/*/predictions*.csv that a figure of the page depends on
Run     make verify               (or, from the top folder: python docs/verify.py [PAGE])
Takes   ten seconds on idle cores; most of it matches counts
Expect  how many numbers are right, and the sentences that cannot be recomputed from these files. A
        wrong number, a missing or an unknown table, row, section or sentence with a number: a line
        for each, and exit status 1
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import metrics
from verify_methods import by_counts, by_probabilities, holm, sign_flip, two_way

CLASSES = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
COLUMNS = [f"p_{name}" for name in CLASSES]

# The paper's constants (its Tables II to IV and its claims).
PAPER_FACES = 5354
PAPER_ACCURACY = {"CNN": 0.6672, "voting": 0.6713, "stacking": 0.6726}
PAPER_MACRO = {  # precision, recall, F1
    **{"CNN": (0.62, 0.65, 0.63), "voting": (0.68, 0.63, 0.64), "stacking": (0.68, 0.62, 0.64)},
}
PAPER_CLASSES = {  # Table II: precision, recall, F1
    **{"angry": (0.59, 0.53, 0.55), "disgust": (0.47, 0.78, 0.59), "fear": (0.54, 0.43, 0.48)},
    **{"happy": (0.88, 0.86, 0.87), "neutral": (0.60, 0.65, 0.62), "sad": (0.49, 0.52, 0.50)},
    "surprise": (0.75, 0.82, 0.78),
}
PAPER_FIGURES = {  # Tables III and IV: voting, stacking
    **{"accuracy": (0.6713, 0.6726), "AUC": (0.9121, 0.8990)},
    **{"weighted recall": (0.6713, 0.6726), "weighted precision": (0.6760, 0.6754)},
    **{"weighted F1": (0.6723, 0.6725), "kappa": (0.5985, 0.5997), "MCC": (0.5987, 0.6000)},
}
PAPER_F1 = {  # F1 by class: voting, stacking
    **{"angry": (0.57, 0.56), "disgust": (0.66, 0.65), "fear": (0.50, 0.50)},
    **{"happy": (0.87, 0.87), "neutral": (0.62, 0.62), "sad": (0.50, 0.50)},
    "surprise": (0.79, 0.79),
}


class Claim(NamedTuple):
    """A row of the claims: two models, what is claimed of the first, and what the paper reports."""

    text: str
    first: str
    second: str
    sign: int
    paper: tuple
    least: float = 0.0
    balanced: bool = False


CLAIMS = (
    Claim("Voting is better than the CNN.", "voting", "cnn", 1, ("{:+.2f}", 67.13 - 66.72)),
    Claim("Stacking is better than the CNN.", "stacking", "cnn", 1, ("{:+.2f}", 67.26 - 66.72)),
    Claim("Stacking is better than voting.", "stacking", "voting", 1, ("{:+.2f}", 67.26 - 67.13)),
    Claim(
        "Cropping helps (the same faces, as crops or whole).",
        *("cnn", "whole", 1, ("more than {:.0f}", 3)),
        least=0.03,
    ),
    Claim("CBAM lowers accuracy.", "cbam", "cnn", -1, ("lower",)),
    Claim("Differential augmentation lowers accuracy.", "augment", "cnn", -1, ("lower",)),
    Claim(
        "SMOTE helps voting (balanced accuracy).",
        *("voting", "voting, no SMOTE", 1, ("higher",)),
        balanced=True,
    ),
    Claim(
        "SMOTE helps stacking (balanced accuracy).",
        *("stacking", "stacking, no SMOTE", 1, ("higher",)),
        balanced=True,
    ),
)
# The runs of each column of the claims, by model. An ensemble is compared with the run of the CNN
# that gave its features, and so is its pair with another ensemble.
LETTERS_VOTING, LETTERS_STACKING = (
    "automl_voting/predictions_soft",
    "automl_stacking/predictions_stack",
)
VOTING, STACKING = "cosine_voting/predictions_soft", "cosine_stacking/predictions_stack"
FAMILIES = {
    "the paper's settings": {
        **{"cnn": "train", "whole": "ablation_uncropped", "cbam": "ablation_cbam"},
        **{"augment": "ablation_augment", "voting": LETTERS_VOTING, "stacking": LETTERS_STACKING},
        "voting, no SMOTE": "ablation_smote/predictions_soft",
        "stacking, no SMOTE": "ablation_smote/predictions_stack",
    },
    "our settings": {
        **{"cnn": "cosine", "whole": "cosine_uncropped", "cbam": "cosine_cbam"},
        **{"augment": "cosine_augment", "voting": VOTING, "stacking": STACKING},
        "voting, no SMOTE": "cosine_smote/predictions_soft",
        "stacking, no SMOTE": "cosine_smote/predictions_stack",
    },
}
ENSEMBLES = ("voting", "stacking")
MODELS = {
    **{"CNN to the letter": "train", "CNN, our recipe": "cosine"},
    **{"voting to the letter": LETTERS_VOTING, "voting, our recipe": VOTING},
    **{"stacking to the letter": LETTERS_STACKING, "stacking, our recipe": STACKING},
    "`improved`": "improved",
}
NOT_RUN = ("not run",)
# Networks scored by annotators. Holm's correction is over PAIRS on the paper's test set, and over
# all three pairs on PrivateTest.
PAPER_SET = {
    **{"CNN, our recipe": "cosine", "CNN, our recipe, on whole images": "cosine_uncropped"},
    **{"voting, our recipe": VOTING, "stacking, our recipe": STACKING, "`improved`": "improved"},
}
FLIPPED = {"flip averaging": "flip_averaging"}
PRIVATE_TEST = {f"`{run}`": run for run in ("benchmark_fer2013", "compact", "compact_ferplus")}
OTHERS = (
    *("CNN, our recipe, on whole images", "flip averaging"),
    *("voting, our recipe", "stacking, our recipe"),
)
PAIRS = (
    ("`improved`", "CNN, our recipe"),
    *(("`improved`", name) for name in OTHERS),
    *((name, "CNN, our recipe") for name in OTHERS),
)
SPOKEN = {"CNN, our recipe": "the CNN (our recipe)"}  # in a sentence
# More than half of FER+'s ten annotators; FER2013's rows up to TRAINING and from PRIVATE on.
MAJORITY, TRAINING, PRIVATE = 6, 28709, 32298
# Classes whose test images were drawn, and the images of disgust known to be the same as the
# paper's (docs/reproduction.md).
DRAWN, SAME_DISGUST = ("disgust", "fear", "neutral", "surprise"), 100

# Definitions, not results.
DEFINITIONS = (
    *("Intervals are 95% intervals", "or 1 seed, means", "falls to 0 along"),
    "(p below 0.05, corrected",
)
# What does not follow from the files that this script reads.
NOT_CHECKED = {
    "predictions for the validation faces": "an accuracy of {} to {}% in 95% of {} draws",
    "correlations between images": (
        "If {} to {} is the least correlation, the lead of `improved` over the CNN (our recipe) "
        "on test faces without a copy is {} to {} points"
    ),
}
NUMBER = r"(?<![\w.])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|[.,]\d)"


class Study:
    """The facts of all images, and the predictions of every run under a folder."""

    def __init__(self, plots):
        self.plots = Path(plots)
        self.facts = pd.read_csv(self.plots / "audit/images.csv", index_col="name")
        parts = self.facts.index.str.split("/")
        self.facts["class"], self.facts["test"] = parts.str[1], parts.str[0] == "test"
        self.facts["row"] = parts.str[2].astype(int)
        self.faces = self.facts[self.facts["test"] & (self.facts["found"] == 1)].sort_index()
        alone = (self.faces["copy"] == "none") & (self.faces["shifted_copy"] == 0)
        self.parts = {"all": np.ones(len(self.faces), bool), "alone": alone.to_numpy()}

    def tables(self, run, names=None):
        """The predictions of each seed of a run, the first seed's first; none if it has not run."""
        first = [self.plots / f"{run}.csv", self.plots / run / "predictions.csv"]
        repeats = sorted(self.plots.glob(f"{run}/[0-9]*/predictions.csv"))
        folder, _, table = run.partition("/")
        table = f"{table or 'predictions'}.csv"
        repeats += sorted(self.plots.glob(f"replicate/{folder}_[0-9]*/{table}"))
        paths = [path for path in first if path.exists()] + repeats
        names = self.faces.index if names is None else names
        tables = [pd.read_csv(path, index_col="name").loc[names] for path in paths]
        for table, path in zip(tables, paths, strict=True):
            if not (table["actual"] == self.facts.loc[names, "class"]).all():
                raise SystemExit(f"{path}: a label is not the image's class")
        return tables

    def right(self, run):
        """Whether each seed predicts each detected test face right, shape `(seeds, faces)`."""
        found = [table["predicted"] == table["actual"] for table in self.tables(run)]
        return np.array(found, float).reshape(len(found), len(self.faces))


def decide(claim, low, high, p):
    """The verdict on a claim."""
    low, high = sorted((claim.sign * low, claim.sign * high))
    if p < 0.05 and low > claim.least:
        return "reproduced"
    if (p < 0.05 and high < 0) or (claim.least and high < claim.least):
        return "not reproduced"
    return "not decidable at this size"


# What the page must say: each cell is a text with a place for each number, and the numbers.


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


def annotators_section(study, clear, right):
    """Accuracies by each label on the clear faces, and what is left of two leads."""
    head = ["network", "test set (faces)", "by FER2013's labels, %", "by majority labels, %"]
    head += ["matched by probabilities, %", "matched by counts, %"]
    rows = {}
    for part, label in (("paper", "the paper's ({:,})"), ("private", "PrivateTest ({:,})")):
        for name, found in right[part].items():
            if name not in FLIPPED and len(found):
                means = 100 * found.mean(axis=(0, 2))
                rows[name] = [(label, len(clear[part])), *(("{:.2f}", one) for one in means)]
    paper, private = right["paper"], right["private"]
    label, _, _, counts = 100 * (
        paper["`improved`"].mean(axis=(0, 2)) - paper["CNN, our recipe"].mean(axis=(0, 2))
    )
    kept = compared("`improved`", "CNN, our recipe", paper, PAIRS, clear["paper"])
    pairs = [tuple(PRIVATE_TEST)[:2], *(("`compact_ferplus`", one) for one in list(private)[:2])]
    votes = compared("`compact_ferplus`", "`compact`", private, pairs, clear["private"])
    sentences = [
        (
            "the accuracy changes by {:+.2f} points by FER2013's labels, and by {:+.2f} points by "
            "majority labels matched by counts (means over seeds)",
            *(label, counts),
        ),
        kept,
        votes,
    ]
    return [(head, rows)], sentences


def clear_faces(study):
    """The facts of the clear faces of both test sets."""
    clear = study.facts[study.facts["ferplus"].isin(CLASSES)].sort_index()
    clear = clear[clear["ferplus_votes"] >= MAJORITY]
    return {
        **{"paper": clear[clear["test"] & (clear["found"] == 1)]},
        **{"private": clear[clear["row"] >= PRIVATE], "train": clear[~clear["test"]]},
        "training": clear[clear["row"] < TRAINING],
    }


def right_by_labels(study, clear):
    """By test set and network: what each seed has right by each label, `(seeds, 4, faces)`."""
    found = {}
    for part, train, runs in (
        ("paper", "train", PAPER_SET | FLIPPED),
        ("private", "training", PRIVATE_TEST),
    ):
        shares = clear[train]["ferplus"].value_counts(normalize=True)[list(CLASSES)].to_numpy()
        majority = clear[part]["ferplus"].to_numpy()
        found[part] = {}
        for name, run in runs.items():
            seeds = []
            for table in study.tables(run, clear[part].index):
                matched = [
                    np.array(CLASSES)[match(table[COLUMNS].to_numpy(), shares)] == majority
                    for match in (by_probabilities, by_counts)
                ]
                own = table["predicted"].to_numpy()
                seeds.append([own == table["actual"], own == majority, *matched])
            found[part][name] = np.array(seeds, float)
    return found


def compared(first, second, right, pairs, faces):
    """The sentence on two networks' first seeds, by majority labels matched by counts."""
    counted = {name: found[0, 3] for name, found in right.items() if len(found)}
    changes = {
        (one, other): counted[one] - counted[other]
        for one, other in pairs
        if {one, other} <= set(counted)
    }
    groups = faces["copy_group"]
    p = holm({pair: sign_flip(change, groups) for pair, change in changes.items()})[first, second]
    difference = 100 * changes[first, second].mean()
    second = SPOKEN.get(second, second)
    text = f"{first} and {second} cannot be told apart"
    if p < 0.05 and difference:
        text = f"{first} scores {'higher' if difference > 0 else 'lower'} than {second}"
    if p < 0.0001:
        return text + " ({:+.1f} points, p < {})", difference, 0.0001
    # Two digits, but never 0.05 for what is above or below it.
    form = "{:.4f}" if float(f"{p:.2g}") == 0.05 else "{:.2g}"
    return text + " ({:+.1f} points, p = " + form + ")", difference, p


def limits_section(study, clear):
    """What of the limits follows from the test predictions and the facts."""
    test = study.facts[study.facts["test"]]
    other = test["class"].isin(DRAWN).sum() - SAME_DISGUST
    right, classes = study.right("cosine")[0], study.faces["class"]
    drawn = [right[classes == name] for name in DRAWN]
    deviation = np.sqrt(sum(len(one) * one.mean() * (1 - one.mean()) for one in drawn)) / len(right)
    faces = clear["paper"]
    differ = (faces["ferplus"] != faces["class"]).mean()
    sentences = [
        (
            "at most {:,} of the {:,} test images ({:.0f}%) differ from the paper's",
            *(other, len(test), 100 * other / len(test)),
        ),
        ("the {}% interval of its accuracy would be ±{:.1f} points", 95, 100 * 1.96 * deviation),
        ("On the {:,} test faces with a majority label", len(faces)),
        ("FER2013's label is another one for {:.1f}%", 100 * differ),
        (
            "a single annotator chooses the majority label for {:.1f}%",
            10 * faces["ferplus_votes"].mean(),
        ),
    ]
    letter = FAMILIES["the paper's settings"]
    there = {model for model, run in letter.items() if len(study.tables(run))}
    if not any({claim.first, claim.second} <= there for claim in CLAIMS):
        sentences.append(("None of the {} claims was tested", len(CLAIMS)))
    return [], sentences


def expected_page(study):
    """Dict of section to its tables (head, and rows by name) and its sentences with numbers."""
    clear = clear_faces(study)
    right = right_by_labels(study, clear)
    return {
        "Results": ([], []),
        "The paper's claims": claims_section(study),
        "Accuracy on the paper's test set": accuracy_section(study),
        "The CNN, class by class": class_section(study),
        "Voting and stacking": ensembles_section(study),
        "Annotators and other test sets": annotators_section(study, clear, right),
        "What this study cannot say": limits_section(study, clear),
        "More": ([], []),
    }


# The page, and the comparison.


def read_page(text):
    """Dict of section to its tables (lists of rows of cells) and its prose."""
    sections = {}
    for title, body in re.findall(r"^#+ (.*)\n((?:(?!#).*\n?)*)", text, re.MULTILINE):
        tables, prose = [], []
        for block in body.strip().split("\n\n"):
            lines = block.split("\n")
            if block.startswith("|"):
                rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
                tables.append([rows[0], *rows[2:]])
            else:
                prose.append(block)
        if title in sections:
            raise SystemExit(f"section {title!r} occurs twice")
        sections[title] = (tables, "\n".join(prose))
    return sections


def number(text):
    """A number as the page writes it."""
    return float(text.replace(",", ""))


def is_near(stated, computed, form):
    """Whether a number has the form's decimals and is the computed one rounded.

    The page rounds what metrics/ has rounded to six digits before, and the AUC of an ensemble was
    taken from probabilities of more digits than the committed ones. So beside half a unit of the
    last digit 0.000001 is allowed, and 0.00006 of a figure in percent or points, which has two
    decimals at most: a value halfway between two roundings may be written as either.
    """
    decimals = [len(one.partition(".")[2]) for one in (stated, form.format(computed))]
    allowed = 0.5 * 10.0 ** -decimals[0] + (1e-6 if decimals[0] > 2 else 6e-5)
    return decimals[0] == decimals[1] and abs(number(stated) - computed) <= allowed


class Report:
    """Counts numbers that are right and collects what is wrong."""

    def __init__(self):
        self.right, self.wrong, self.unchecked = 0, [], []

    def compare(self, place, stated, expected):
        """Compares a text of the page with an expected one, number by number."""
        template, *values = expected
        forms = re.findall(r"\{.*?\}", template)
        pattern = f"({NUMBER})".join(map(re.escape, re.split(r"\{.*?\}", template)))
        found = re.fullmatch(pattern, stated)
        if not found:
            text = template.format(*values)
            self.wrong.append(f"{place}: states {stated!r}, recomputed {text!r}")
            return
        for shown, value, form in zip(found.groups(), values, forms, strict=True):
            if is_near(shown, value, form):
                self.right += 1
            else:
                self.wrong.append(f"{place}: states {shown}, recomputed {form.format(value)}")

    def table(self, place, rows, expected):
        """Compares a table: its head, its rows' names and each cell."""
        head, wanted = expected
        if rows[0] != head:
            self.wrong.append(f"{place}: columns are {rows[0]}, expected {head}")
            return
        names = [row[0] for row in rows[1:]]
        self.wrong += [f"{place}: unknown row {name!r}" for name in names if name not in wanted]
        self.wrong += [f"{place}: row {name!r} is missing" for name in wanted if name not in names]
        self.wrong += [f"{place}: row {name!r} occurs twice" for name in twice(names)]
        for name, *cells in rows[1:]:
            if name in wanted and len(cells) != len(wanted[name]):
                self.wrong.append(f"{place}: row {name!r} has {len(cells)} cells")
            elif name in wanted:
                for column, cell, one in zip(head[1:], cells, wanted[name], strict=True):
                    self.compare(f"{place}, row {name!r}, column {column!r}", cell, one)

    def prose(self, place, text, sentences):
        """Compares the sentences with numbers; any other number is unknown."""
        for template, *values in sentences:
            text = self.take(place, text, template, values)
        for reason, template in NOT_CHECKED.items():
            found = re.search(searched(template), text)
            if found:
                self.unchecked.append(f"{found[0]!r} ({reason})")
                text = text.replace(found[0], "")
        for phrase in DEFINITIONS:
            text = text.replace(phrase, "")
        for line in text.split("\n"):
            for found in re.finditer(NUMBER, line):
                around = line[max(0, found.start() - 40) : found.end() + 40]
                self.wrong.append(f"{place}: {found[0]} is unknown, in {around!r}")

    def take(self, place, text, template, values):
        """Compares a sentence, and returns the text without it."""
        found = re.search(searched(template), text)
        if not found:
            wanted = template.format(*values)
            self.wrong.append(f"{place}: no sentence is like {wanted!r}")
            return text
        self.compare(f"{place}, sentence {template!r}", found[0], (template, *values))
        return text.replace(found[0], "", 1)


def searched(template):
    """The pattern of a sentence with any numbers."""
    return NUMBER.join(map(re.escape, re.split(r"\{.*?\}", template)))


def twice(names):
    """What occurs more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def verify(text, expected):
    """Compares the page's text with `expected_page`: a `Report`."""
    sections, report = read_page(text), Report()
    report.wrong += [f"unknown section {one!r}" for one in sections if one not in expected]
    for title, (tables, sentences) in expected.items():
        if title not in sections:
            report.wrong.append(f"section {title!r} is missing")
            continue
        found, prose = sections[title]
        if len(found) != len(tables):
            report.wrong.append(f"{title}: has {len(found)} tables, expected {len(tables)}")
        for index, (rows, table) in enumerate(zip(found, tables, strict=False), 1):
            report.table(f"{title}, table {index}", rows, table)
        report.prose(title, prose, sentences)
    return report


def main(page="docs/results.md"):
    """Prints what is wrong, right and not checked; the exit status is 1 if a number is wrong."""
    report = verify(Path(page).read_text(encoding="utf-8"), expected_page(Study("plots")))
    for line in report.wrong:
        print(f"WRONG {line}")
    print(f"{page}: {report.right} numbers are right, {len(report.wrong)} findings are wrong")
    for line in report.unchecked:
        print(f"not checked: {line}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
