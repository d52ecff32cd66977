"""Writes docs/report.md: the paper's claims, and each model's intervals, tests and calibration."""

from ferd.report.claims import claims_table, seed_claims_table
from ferd.report.findings.all_findings import NOTE
from ferd.report.number_text import ALPHA
from ferd.report.tables.agreement_table import PARTS as AGREEMENT_PARTS
from ferd.report.tables.agreement_table import agreement_table, pair_tables
from ferd.report.tables.recall_table import recall_section
from ferd.report.tables.report_tables import (
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
from ferd.report.tables.seed_tables import averaged_table, seeds_table
from ferd.report.tables.training_choices import training_choices

# The stages without which there is no docs/report.md.
NEEDED = {"evaluate", "paired_tests"}


def report_document(metrics):
    """docs/report.md.

    Args:
        metrics: From `ferd.study.details.read_details`, with those of `NEEDED`; sections of what
            has not run are left out.
    """
    return "\n\n".join(["# Intervals and tests", NOTE, *report_sections(metrics)]) + "\n"


def report_sections(metrics):
    """Paragraphs of docs/report.md below its title.

    Args:
        metrics: As in `report_document`.
    """
    models, tests = metrics["evaluate"]["models"], metrics["paired_tests"]
    return [
        *_claims_sections(models, tests),
        *_look_section(metrics),
        *recall_section(metrics.get("claims")),
        "## Single choices",
        "On the detected test faces. Each row compares two models that differ in one choice: one "
        "that the paper leaves open, or that could be made differently.",
        choices_table(tests["detected"]),
        *training_choices(metrics.get("claims")),
        *_audit_section(metrics),
        *_models_section(models),
        "## Pairs of models",
        *_tests_by_part(tests),
        *_improved_section(metrics),
        *_agreement_section(metrics),
        *_seeds_section(metrics),
        *_trust_sections(metrics),
    ]


def _claims_sections(models, tests):
    return [
        "## The paper's claims",
        "Exact McNemar test on the same faces, Holm's correction over all pairs of a table in "
        f'"Pairs of models" below. Not decidable: p of {ALPHA} or more. One run of each network; '
        'claims decided over several seeds are in "Differences between seeds".',
        claims_table(tests),
        "## The effect of cropping",
        "Row 2 scores the network of row 1 on fewer, easier images. Row 3 is another network, "
        "trained on the crops and scored on those of the same images. Row 4 scores the network of "
        "row 3 on every test image.",
        crop_split(models),
    ]


def _audit_section(metrics):
    if "audit" not in metrics:
        return []
    return ["## Copies, labels, votes", audit_text(metrics["audit"])]


def _models_section(models):
    return [
        "## Every model on every part of the test set",
        "Accuracy in percent and its 95% bootstrap interval, which draws copies of a picture "
        "together. Exact copy: a training image that is the same in each pixel. Near copy: nearly "
        "the same (the setting `audit.near_correlation`). Any copy: these, and images that are "
        "shifted by some pixels or mirrored.",
        parts_table(models),
        *_votes_section(models),
    ]


def _improved_section(metrics):
    if "tests" not in metrics.get("headline", {}):
        return []
    return [
        "## `improved` against the other models",
        "Holm's correction within a table. Voting and stacking on the features of `improved` are "
        "fitted on faces that it was not trained on, and average the middle window and its mirror "
        "image; `improved` itself averages the windows that the setting `improved.views` gives.",
        *_tests_by_part(metrics["headline"]["tests"]),
    ]


def _agreement_section(metrics):
    agreement = metrics.get("agreement")
    if not agreement:
        return []
    parts = [
        "## By annotators' majority labels",
        "Accuracy by FER2013's label of a face and by the majority label, on the clear faces (at "
        "least `agreement.votes` of the ten annotators agree). Prior-matched: the probabilities "
        "are multiplied by a weight per class, so that their mean over all clear test faces is the "
        "class share that annotators give on clear training faces (after Saerens et al., 2002); no "
        "label or vote of a test face is used. Several seeds: mean ± SD.",
    ]
    for part, label in AGREEMENT_PARTS:
        parts += [f"{label}:", agreement_table(agreement[part])]
    parts += ["Exact McNemar tests of the first seeds, Holm's correction within a table."]
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
        "## Differences between seeds",
        "Each training was repeated from other seeds, each with its own validation fold. Mean and "
        "standard deviation (SD) of the accuracy; differences by Welch's test over the seeds.",
        seeds_table(metrics["seeds"]),
        *_seed_claims(metrics["seeds"]),
        "The average of the probabilities of the CNNs of all seeds, compared with one CNN and the "
        "ensembles on its features (exact McNemar test, Holm's correction within a column):",
        averaged_table(metrics["seeds"]["averaged"]),
    ]


def _seed_claims(seeds):
    table = seed_claims_table(seeds.get("against_cnn", {}))
    if table is None:
        return []
    return ["The paper's claims about networks, decided over seeds (Holm's correction):", table]


def _trust_sections(metrics):
    parts = []
    if {"cosine_voting", "cosine_stacking", "cosine_unseen"} <= set(metrics):
        parts += [
            "## Cross-validated scores",
            "Rows 1 and 2: the ensembles are fitted on features of the faces that the CNN was "
            "trained on. Rows 5 and 6: they are fitted on the validation fold, a tenth of train "
            "that the CNN was not trained on. Rows 3 and 4: on as many of its training faces.",
            gap_table(metrics),
        ]
    return [
        *parts,
        "## Calibration",
        "On the detected test faces; the temperature is fitted on the validation fold.",
        calibration_table(metrics["evaluate"]["calibration"]),
    ]


def _look_section(metrics):
    look = metrics.get("ablation_augment_look", {})
    if "cosine" not in look:
        return []
    return [
        "## Why differential augmentation lowers accuracy",
        "Only faces of rare classes were augmented strongly (rotation, scale, shift, brightness), "
        "so the network learns the augmentation artefacts as a sign of these classes. The table "
        "scores it on test faces unchanged, and augmented in the same way:",
        look_table(look),
    ]


def _votes_section(models):
    if not any("ferplus" in scores for scores in models.values()):
        return []
    return [
        "Detected faces, grouped by how many of FER+'s ten annotators chose the same class. The "
        "last column is the accuracy by the majority label, the class that more than half of them "
        "chose.",
        parts_table(models, VOTES),
    ]
