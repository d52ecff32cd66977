"""Decides each claim of the paper, an order of two models, by a statistical test."""

from ferd.report.number_text import is_clear, p_text, points
from ferd.report.report_tables import PARTS
from ferd.scoring.networks import NETWORKS
from ferd.study.markdown import markdown

# A claim of the paper as an order of two models: +1 if the first is claimed to be better.
CLAIMS = (
    ("Voting is better than the CNN.", "soft vote - cnn", 1),
    ("Stacking is better than the CNN.", "stack - cnn", 1),
    ("Stacking is better than voting.", "stack - soft vote", 1),
    ("Cropping helps (the same faces, as crops or whole).", "cnn - cnn, whole images", 1),
    ("CBAM lowers accuracy.", "cnn, CBAM - cnn", -1),
    ("Differential augmentation lowers accuracy.", "cnn, differential augmentation - cnn", -1),
    ("SMOTE helps voting.", "soft vote - soft vote, no SMOTE", 1),
    ("SMOTE helps stacking.", "stack - stack, no SMOTE", 1),
)
# The network that the others are compared with, and the parts of the test set that decide.
BASE = "cnn"
CLAIM_PARTS = ("detected", "without_copy", "without_any_copy")


def claims_table(tests):
    """Markdown: each claim of the paper with its verdict, on all test faces and on those without a
    copy in train.

    Args:
        tests: `tests` of metrics/details/evaluate.json.
    """
    parts = [part for part in CLAIM_PARTS if part in tests]
    rows = []
    for claim, pair, sign in CLAIMS:
        cells = []
        for part in parts:
            entry = tests[part].get(pair)
            cells.append("not run" if entry is None else _decide(entry, sign))
        rows.append([claim, *cells])
    labels = dict(PARTS)
    return markdown(["the paper's claim", *(labels[part] for part in parts)], rows)


def seed_claims_table(differences):
    """Markdown: the claims about two networks, with the verdict of a test over their seeds.

    Args:
        differences: `against_cnn` of metrics/details/seeds.json: the difference of each
            training's mean from the CNN's.

    Returns:
        The table, or None if no claim is about a training with several seeds.
    """
    tested = set().union(*differences.values())
    parts = [part for part in CLAIM_PARTS if part in tested]
    rows = []
    for claim, pair, sign in CLAIMS:
        first, second = pair.split(" - ")
        rival = second if first == BASE else first
        stage = NETWORKS[rival].stage if rival in NETWORKS else None
        if BASE in (first, second) and stage in differences:
            side = -sign if first == BASE else sign
            cells = [_decide(differences[stage][part], side) for part in parts]
            rows.append([claim, f"`{stage}` minus `train`", *cells])
    labels = dict(PARTS)
    head = ["the paper's claim", "runs compared", *(labels[part] for part in parts)]
    return markdown(head, rows) if rows else None


def _decide(entry, sign):
    figures = f"{points(entry['difference'], 2)} points, {p_text(entry['p_holm'])}"
    return f"{verdict(entry, sign)} ({figures})"


def verdict(entry, sign):
    """The verdict of a paired test on a claimed order of two models.

    Args:
        entry: Of `ferd.scoring.uncertainty.compare_pairs`.
        sign: +1 if the claim is that the first model is better, -1 if worse.

    Returns:
        "reproduced" (the difference has the claimed sign and chance is ruled out), "not reproduced"
        (it has the other sign and chance is ruled out) or "not decidable".
    """
    if not is_clear(entry):
        return "not decidable"
    return "reproduced" if entry["difference"] * sign > 0 else "not reproduced"
