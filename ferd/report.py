"""docs/report.md: what the scores are worth, and which of the paper's claims they bear out."""

from ferd.report_tables import (
    PARTS,
    VOTES,
    audit_text,
    calibration_table,
    choices_table,
    crop_split,
    gap_table,
    look_table,
    p_value,
    parts_table,
    tests_table,
)
from ferd.seed_tables import averaged_table, seeds_table
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


def report_document(metrics):
    """docs/report.md.

    Args:
        metrics: Dict of stage to its metrics, of every stage up to `evaluate`.
    """
    note = "Written by `stages/summary.py` from metrics/: do not edit."
    return "\n\n".join(["# What the scores are worth", note, *report_sections(metrics)]) + "\n"


def report_sections(metrics):
    """Paragraphs of docs/report.md below its title.

    Args:
        metrics: As in `report_document`.
    """
    models, tests = metrics["evaluate"]["models"], metrics["evaluate"]["tests"]
    parts = [
        "## The paper's claims",
        "Exact McNemar test on the same faces, Holm's correction over all pairs of a table below. "
        f"Not decidable: p of {ALPHA} or more. One training of each network; what another seed "
        "moves stands below.",
        claims_table(tests),
        "## What cropping is worth",
        "The second row is the first network on easier images, the third other pixels on the same "
        "images; the last is what a user gets who must answer for every image.",
        crop_split(models),
        *_look_section(metrics),
        "## What single choices move",
        "On the detected test faces: choices that the paper leaves open, or that another could "
        "make, each between two models that differ in it alone.",
        choices_table(tests["detected"]),
        "## Copies, labels, votes",
        audit_text(metrics["audit"]),
        "## Every model on every part of the test set",
        "Accuracy and its 95% bootstrap interval; copies of a face are drawn together. A twin is "
        "an image of train that is the same pixel for pixel, or nearly (`audit.near_correlation`); "
        "without any copy: nor is one that resembles it as much when moved by some pixels, or "
        "mirrored. "
        "`no twins`: the ensemble was fitted without them; `no twins at all`: the network too.",
        parts_table(models),
    ]
    return [
        *parts,
        *_votes_section(models),
        *_pairs_section(tests),
        *_improved_section(metrics),
        *_seeds_section(metrics),
        *_trust_sections(metrics),
    ]


def _pairs_section(tests):
    parts = ["## Pairs of models"]
    for part, label in PARTS:
        if part in tests:
            parts += [f"{label[0].upper()}{label[1:]}:", tests_table(tests[part])]
    return parts


def _improved_section(metrics):
    if "tests" not in metrics.get("headline", {}):
        return []
    parts = [
        "## The improved network beside the study's",
        "`improved` less each, with Holm's correction within a table. `improved, soft vote` and "
        "`improved, stack` are ensembles on its own features of faces that it was not trained on, "
        "means over the middle window and its mirror image; it averages `improved.views` itself.",
    ]
    for part, label in PARTS:
        if part in metrics["headline"]["tests"]:
            found = tests_table(metrics["headline"]["tests"][part])
            parts += [f"{label[0].upper()}{label[1:]}:", found]
    return parts


def _seeds_section(metrics):
    if "averaged" not in metrics.get("seeds", {}):
        return []
    return [
        "## From seed to seed",
        "The same training from other seeds, each with its own validation part: mean and sample "
        "SD of the accuracy; differences by Welch's test over the seeds.",
        seeds_table(metrics["seeds"]),
        "The networks of all seeds averaged, against one of them and against the hybrids of one "
        "of them (exact McNemar test, Holm's correction within a column):",
        averaged_table(metrics["seeds"]["averaged"]),
    ]


def _trust_sections(metrics):
    return [
        "## Cross-validated scores",
        "The ensembles are fitted on features of the very faces that the network was trained on. "
        "So their cross-validated scores say little of the test set; on the faces of the "
        "validation part, which the network never saw, they do.",
        gap_table(metrics),
        "## Calibration",
        "On the detected test faces; the temperature is fitted on the validation part.",
        calibration_table(metrics["evaluate"]["calibration"]),
    ]


def _look_section(metrics):
    look = metrics["ablation_augment_look"]
    if "train" not in look:
        return []
    return [
        "## Why differential augmentation fails",
        "Only rare classes were turned, shifted and shaded strongly, so that look alone gives the "
        "class away in training. Test faces as they are and changed by the strong generator:",
        look_table(look),
    ]


def _votes_section(models):
    if not any("ferplus" in scores for scores in models.values()):
        return []
    return [
        "By how many of FER+'s ten people gave the top answer, detected faces; last, scored "
        "against the class that more than half of them named:",
        parts_table(models, VOTES),
    ]


def claims_table(tests):
    """Markdown: each claim of the paper with its verdict, on the paper's test faces and on those
    without a twin in train.

    Args:
        tests: `tests` of metrics/evaluate.json.
    """
    parts = [part for part in ("detected", "without_twin", "without_any_copy") if part in tests]
    rows = []
    for claim, pair, sign in CLAIMS:
        cells = []
        for part in parts:
            entry = tests[part].get(pair)
            cells.append("not run" if entry is None else _decide(entry, sign))
        rows.append([claim, *cells])
    labels = dict(PARTS)
    return markdown(["the paper's claim", *(labels[part] for part in parts)], rows)


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
