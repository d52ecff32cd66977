"""docs/report.md: what the scores are worth, and which of the paper's claims they bear out."""

from ferd.agreement_table import PARTS as AGREEMENT_PARTS
from ferd.agreement_table import agreement_table, pair_tables
from ferd.claims import ALPHA, claims_table, seed_claims_table
from ferd.report_tables import (
    PARTS,
    VOTES,
    audit_text,
    calibration_table,
    choices_table,
    crop_split,
    gap_table,
    look_table,
    parts_table,
    tests_table,
)
from ferd.seed_tables import averaged_table, seeds_table


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
        *_agreement_section(metrics),
        *_seeds_section(metrics),
        *_trust_sections(metrics),
    ]


def _pairs_section(tests):
    return ["## Pairs of models", *_tests_by_part(tests)]


def _improved_section(metrics):
    if "tests" not in metrics.get("headline", {}):
        return []
    return [
        "## The improved network beside the study's",
        "`improved` less each, with Holm's correction within a table. `improved, soft vote` and "
        "`improved, stack` are ensembles on its own features of faces that it was not trained on, "
        "means over the middle window and its mirror image; it averages `improved.views` itself.",
        *_tests_by_part(metrics["headline"]["tests"]),
    ]


def _agreement_section(metrics):
    agreement = metrics.get("agreement")
    if not agreement:
        return []
    parts = [
        "## Labels or people",
        "What a network has learned, by the label of a face and by what most of FER+'s ten people "
        "saw in it, on the clear faces (at least `agreement.votes` of them agree). Shares matched: "
        "its probabilities times a weight for each class, so that their mean over all clear faces "
        "of the test set is the share of the class that people give on clear training faces "
        "(after Saerens et al., 2002); no answer on a test face enters. Of networks with several "
        "seeds mean and sample SD, what they say against the label from the first one.",
    ]
    for part, label in AGREEMENT_PARTS:
        parts += [f"{label}:", agreement_table(agreement[part])]
    parts += ["Exact McNemar tests, first seeds, Holm's correction within a table."]
    for part, label in AGREEMENT_PARTS:
        parts += [f"{label}:", *pair_tables(agreement[part])]
    return parts


def _tests_by_part(tests):
    parts = []
    for part, label in PARTS:
        if part in tests:
            parts += [f"{label[0].upper()}{label[1:]}:", tests_table(tests[part])]
    return parts


def _seeds_section(metrics):
    if "averaged" not in metrics.get("seeds", {}):
        return []
    return [
        "## From seed to seed",
        "The same training from other seeds, each with its own validation part: mean and sample "
        "SD of the accuracy; differences by Welch's test over the seeds.",
        seeds_table(metrics["seeds"]),
        *_seed_claims(metrics["seeds"]),
        "The networks of all seeds averaged, against one of them and against the hybrids of one "
        "of them (exact McNemar test, Holm's correction within a column):",
        averaged_table(metrics["seeds"]["averaged"]),
    ]


def _seed_claims(seeds):
    table = seed_claims_table(seeds.get("against_cnn", {}))
    if table is None:
        return []
    return ["The paper's claims about networks, decided by the seeds (Holm's correction):", table]


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
