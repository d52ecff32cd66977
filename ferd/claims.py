"""The paper's claims as orders of two models, and what tests say of each."""

from ferd.networks import NETWORKS
from ferd.report_tables import PARTS, p_value
from ferd.tables import markdown

ALPHA = 0.05
# A claim of the paper as an order of two models: +1 where the first is to be the better one.
CLAIMS = (
    ("Voting is better than the CNN.", "soft vote - cnn", 1),
    ("Stacking is better than the CNN.", "stack - cnn", 1),
    ("Stacking is better than voting.", "stack - soft vote", 1),
    ("Cropping helps (same faces, cut out or whole).", "cnn - cnn, whole images", 1),
    ("CBAM lowers accuracy.", "cnn, CBAM - cnn", -1),
    ("Differential augmentation lowers accuracy.", "cnn, differential augmentation - cnn", -1),
    ("SMOTE helps the vote.", "soft vote - soft vote, no SMOTE", 1),
    ("SMOTE helps the stack.", "stack - stack, no SMOTE", 1),
)
# The network that the others are set against, and the parts of the test set that decide.
BASE = "cnn"
CLAIM_PARTS = ("detected", "without_twin", "without_any_copy")


def claims_table(tests):
    """Markdown: each claim of the paper with its verdict, on the paper's test faces and on those
    without a twin in train.

    Args:
        tests: `tests` of metrics/evaluate.json.
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
        differences: `against_cnn` of metrics/seeds.json: what each training's mean is above the
            CNN's.

    Returns:
        The table, or None where no training that a claim is about has seeds.
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
            rows.append([claim, f"`{stage}` less `train`", *cells])
    labels = dict(PARTS)
    head = ["the paper's claim", "means of", *(labels[part] for part in parts)]
    return markdown(head, rows) if rows else None


def _decide(entry, sign):
    points = f"{100 * entry['difference']:+.2f} points, p {p_value(entry['p_holm'])}"
    return f"{verdict(entry, sign)} ({points})"


def verdict(entry, sign):
    """What a paired test says of a claimed order of two models.

    Args:
        entry: Of `ferd.uncertainty.compare_pairs`.
        sign: +1 where the claim is that the first model is better, -1 where worse.

    Returns:
        "reproduced" (the difference has the claimed sign and chance is ruled out), "not reproduced"
        (it has the other sign and chance is ruled out) or "not decidable".
    """
    if entry["p_holm"] >= ALPHA or entry["difference"] == 0:
        return "not decidable"
    return "reproduced" if entry["difference"] * sign > 0 else "not reproduced"
