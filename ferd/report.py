"""docs/report.md: what the scores are worth, and which of the paper's claims they bear out."""

from ferd.tables import markdown

PARTS = (
    ("detected", "all detected (the paper's)"),
    ("without_twin", "without a twin in train"),
    ("with_twin", "with a twin"),
    ("exact_twin", "of these, pixel for pixel"),
    ("twin_other_label", "twin under another label"),
    ("not_detected", "no face found"),
    ("all", "all test images"),
)
VOTES = (
    ("votes_up_to_5", "up to 5 of 10 agree"),
    ("votes_6_to_8", "6 to 8"),
    ("votes_9_to_10", "9 or 10"),
    ("ferplus", "against FER+'s majority"),
)
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


def audit_text(audit):
    """Markdown: what the audit found."""
    test, exact, near = audit["test"], audit["exact"], audit["near"]
    detected = audit["test_detected"]
    lines = [
        f"- {exact['groups']:,} pictures occur more than once pixel for pixel ({exact['images']:,} "
        f"of {audit['images']:,} images); {exact['groups_of_several_labels']} of them under "
        "different labels.",
        f"- {test['exact']} of the {test['images']:,} test images are in train pixel for pixel, "
        f"{test['exact_other_label']} of them under another label; {test['near']} more are near "
        "twins.",
        f"- Of the {detected['images']:,} detected test faces {detected['exact']} have an exact "
        f"and {detected['near']} a near twin: {100 * detected['twin_share']:.1f}%.",
        f"- {near['groups']:,} groups of near twins hold {near['images']:,} images; the largest "
        f"{near['largest']}.",
        f"- {audit['blank']} images are blank.",
    ]
    if "ferplus" in audit:
        votes = audit["ferplus"]
        lines.append(
            f"- The answer most of FER+'s ten people gave is the label for "
            f"{100 * votes['agrees']:.1f}% of the images "
            + "("
            + ", ".join(f"{name} {100 * v:.0f}%" for name, v in votes["agrees_per_class"].items())
            + f"); they saw no face in {votes['no_face']}, of which dlib found one in "
            f"{votes['no_face_but_detected']}."
        )
    return "\n".join(lines)


def parts_table(models, parts=PARTS):
    """Markdown: a row per model, its accuracy with its interval on each part that has images."""
    faces = {part: entry["faces"] for scores in models.values() for part, entry in scores.items()}
    shown = [(part, label) for part, label in parts if part in faces]
    head = ["model", *(f"{label} ({faces[part]:,})" for part, label in shown)]
    rows = [
        [model, *(_score(scores.get(part)) for part, _ in shown)]
        for model, scores in models.items()
    ]
    return markdown(head, rows)


def tests_table(tests):
    """Markdown: a row per pair of models on one part."""
    rows = [
        [
            pair.replace(" - ", " less "),
            f"{100 * entry['difference']:+.2f}",
            f"{100 * entry['low']:+.2f} to {100 * entry['high']:+.2f}",
            f"{entry['only_first']} / {entry['only_second']}",
            _p(entry["p"]),
            _p(entry["p_holm"]),
        ]
        for pair, entry in tests.items()
    ]
    head = ["pair", "points", "95% interval", "right alone", "p", "p, Holm"]
    return markdown(head, rows)


def calibration_table(calibration):
    """Markdown: calibration error before and after the temperature."""
    rows = [
        [
            name,
            f"{entry['temperature']:.3f}",
            *(f"{entry[when]['calibration_error']:.4f}" for when in ("before", "after")),
            *(f"{-entry[when]['log_likelihood']:.4f}" for when in ("before", "after")),
        ]
        for name, entry in calibration.items()
    ]
    head = ["network", "temperature", "ECE before", "after", "log loss before", "after"]
    return markdown(head, rows)


def claims_table(tests):
    """Markdown: each claim of the paper with its verdict, on the paper's test faces and on those
    without a twin in train.

    Args:
        tests: `tests` of metrics/evaluate.json.
    """
    parts = [part for part in ("detected", "without_twin") if part in tests]
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
    points = f"{100 * entry['difference']:+.2f} points, p {_p(entry['p_holm'])}"
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


def _score(scores):
    if scores is None:
        return ""
    return f"{scores['accuracy']:.4f} ({scores['low']:.3f}-{scores['high']:.3f})"


def _p(value):
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def report_document(audit, evaluation):
    """docs/report.md.

    Args:
        audit: metrics/audit.json.
        evaluation: metrics/evaluate.json.
    """
    models, tests = evaluation["models"], evaluation["tests"]
    parts = [
        "# What the scores are worth",
        "Written by `stages/summary.py` from metrics/: do not edit.",
        "## The paper's claims",
        "Exact McNemar test on the same faces, Holm's correction over all pairs of a table below. "
        f"Not decidable: p of {ALPHA} or more. One training of each network.",
        claims_table(tests),
        "## Copies, labels, votes",
        audit_text(audit),
        "## Every model on every part of the test set",
        "Accuracy and its 95% bootstrap interval; copies of a face are drawn together. A twin is "
        "an image of train that is the same pixel for pixel, or nearly (`audit.near_correlation`). "
        "`no twins`: the ensemble was fitted without them; `no twins at all`: the network too.",
        parts_table(models),
    ]
    if any("ferplus" in scores for scores in models.values()):
        parts += [
            "By how many of FER+'s ten people gave the top answer, detected faces; last, scored "
            "against the class that more than half of them named:",
            parts_table(models, VOTES),
        ]
    parts.append("## Pairs of models")
    for part, label in PARTS:
        if part in tests:
            parts += [f"{label[0].upper()}{label[1:]}:", tests_table(tests[part])]
    parts += [
        "## Calibration",
        "On the detected test faces; the temperature is fitted on the validation part.",
        calibration_table(evaluation["calibration"]),
    ]
    return "\n\n".join(parts) + "\n"
