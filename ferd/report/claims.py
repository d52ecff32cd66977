"""Decides each claim of the paper, an order of two models, by a statistical test."""

from ferd.report import paper_results
from ferd.report.number_text import ALPHA, is_clear, p_text, percent, points
from ferd.report.tables.report_tables import PARTS
from ferd.scoring.claim_list import CLAIMS
from ferd.scoring.networks import NETWORKS
from ferd.study.markdown import markdown

# The parts of the test set on which a claim has a verdict over seeds and faces: all detected faces,
# and those without any copy in train.
VERDICT_PARTS = ("detected", "without_any_copy")
# The network that the others are compared with, and the parts of the test set that decide.
BASE = "cnn"
CLAIM_PARTS = ("detected", "without_copy", "without_any_copy")
# Families of runs in metrics/details/claims.json, and their columns.
FAMILIES = {"letter": "to the letter", "cosine": "our recipe"}
PAPER = {
    "cnn": paper_results.CNN,
    "soft vote": paper_results.VOTING,
    "stack": paper_results.STACKING,
}
UNDECIDED = "not decidable at this size"


def claims_section(claims):
    """Paragraphs: the paper's claims, on all test faces and on those without a copy in train.

    Args:
        claims: metrics/details/claims.json, or None.
    """
    if not claims:
        return []
    parts = [
        "## The paper's claims",
        "Differences of accuracies with intervals for new seeds and new faces. Where a model has "
        "one run, the interval is for new faces alone. A claim is reproduced if the whole interval "
        "is on its side and an exact test over groups of copies rules chance out (p below "
        f"{ALPHA}, Holm's correction over the claims of a column). SMOTE is to balance the "
        "classes: the balanced accuracy decides, by a t-test.",
    ]
    for part in VERDICT_PARTS:
        label = dict(PARTS)[part]
        parts += [f"{label[0].upper()}{label[1:]}:", verdict_table(claims, part)]
    return parts


def verdict_table(claims, part="detected"):
    """Markdown: each claim of the paper, decided over seeds and faces.

    Args:
        claims: metrics/details/claims.json.
        part: Of the test set.
    """
    families = [claims.get(family, {}).get(part, {}).get("claims", {}) for family in FAMILIES]
    rows = [
        [_claim_cell(claim), _paper_cell(claim), *(_family_cell(one, claim) for one in families)]
        for claim in CLAIMS
    ]
    columns = (f"{label}: points (interval), verdict" for label in FAMILIES.values())
    return markdown(["the paper's claim", "the paper, points", *columns], rows)


def _claim_cell(claim):
    if claim.score == "balanced":
        return f"{claim.text.removesuffix('.')} (balanced accuracy)."
    return claim.text


def _paper_cell(claim):
    """The difference that the paper reports, or in words what it claims."""
    if claim.first in PAPER and claim.second in PAPER:
        return points(PAPER[claim.first]["accuracy"] - PAPER[claim.second]["accuracy"], 2)
    if claim.least:
        return f"more than {percent(claim.least, 0)}"
    return "higher" if claim.sign > 0 else "lower"


def _family_cell(entries, claim):
    if claim.pair not in entries:
        return "not run"
    entry, decided = decide(entries[claim.pair], claim)
    low, high = (points(entry[bound], 2) for bound in ("low", "high"))
    text = f"{points(entry['difference'], 2)} ({low} to {high}), {decided}"
    return f"{text} (one run)" if entry.get("one_run") else text


def decide(entry, claim):
    """The difference of accuracies, or balanced ones, that decides a claim, and its verdict.

    Args:
        entry: Of metrics/details/claims.json.
        claim: `ferd.scoring.claim_list.Claim`.

    Returns:
        Tuple of a dict with `difference`, `low` and `high`, and the `verdict`.
    """
    key = "p_faces_holm"
    if claim.score == "balanced":
        entry, key = entry["balanced"], "p_holm"
    return entry, verdict(entry, claim.sign, claim.least, key)


def verdict(entry, sign, least=0.0, key="p_faces_holm"):
    """The verdict of an interval and a test on a claimed order of two models.

    Args:
        entry: Of metrics/details/claims.json: `low` and `high` of a difference, and p-values.
        sign: +1 if the claim is that the first model is better, -1 if worse.
        least: The size that the difference is claimed to exceed, a fraction.
        key: The p-value that decides.

    Returns:
        "reproduced" (the whole interval is on the claimed side, beyond `least`, and chance is ruled
        out), "not reproduced" (it is on the other side and chance is ruled out, or the whole of it
        is below `least`) or "not decidable at this size".
    """
    low, high = sorted((sign * entry["low"], sign * entry["high"]))
    clear = entry[key] < ALPHA
    if low > least and clear:
        return "reproduced"
    if (high < 0 and clear) or (least > 0 and high < least):
        return "not reproduced"
    return UNDECIDED


def claims_table(tests):
    """Markdown: each claim of the paper with its verdict by one run of each model, on all test
    faces and on those without a copy in train.

    Args:
        tests: metrics/details/paired_tests.json.
    """
    parts = [part for part in CLAIM_PARTS if part in tests]
    rows = []
    for claim in CLAIMS:
        entries = [tests[part].get(claim.pair) for part in parts]
        cells = ["not run" if one is None else _decide(one, claim.sign) for one in entries]
        rows.append([claim.text, *cells])
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
    for claim in CLAIMS:
        rival = claim.second if claim.first == BASE else claim.first
        stage = NETWORKS[rival].stage if rival in NETWORKS else None
        if BASE in (claim.first, claim.second) and stage in differences:
            side = -claim.sign if claim.first == BASE else claim.sign
            cells = [_decide(differences[stage][part], side) for part in parts]
            rows.append([claim.text, f"`{stage}` minus `cosine`", *cells])
    labels = dict(PARTS)
    head = ["the paper's claim", "runs compared", *(labels[part] for part in parts)]
    return markdown(head, rows) if rows else None


def _decide(entry, sign):
    """A verdict by the corrected p alone, and the figures that decide."""
    decided = "not decidable"
    if is_clear(entry):
        decided = "reproduced" if entry["difference"] * sign > 0 else "not reproduced"
    return f"{decided} ({points(entry['difference'], 2)} points, {p_text(entry['p_holm'])})"
