"""The report's tables as Markdown, from the metrics of the stages audit and evaluate."""

from ferd.networks import NETWORKS
from ferd.tables import markdown

PARTS = (
    ("detected", "all detected (the paper's)"),
    ("without_twin", "without a twin in train"),
    ("without_any_copy", "without any copy"),
    ("with_twin", "with a twin"),
    ("exact_twin", "of these, pixel for pixel"),
    ("twin_other_label", "twin under another label"),
    ("not_detected", "no face found"),
    ("all", "all test images"),
)
HEADLINE = (
    *("cnn", "cnn, flip averaging", "et on features", "soft vote", "stack"),
    *("et, no twins", "soft vote, no twins", "stack, no twins"),
)
# What the paper leaves open or gets wrong, as a pair of models that differ in that alone.
CHOICES = (
    ("float32 in place of bfloat16", "cnn, float32 - cnn"),
    ("the mean of a face's and its mirror image's answers", "cnn, flip averaging - cnn"),
    ("crops in place of whole images", "cnn - cnn, whole images"),
    ("SMOTE under the soft vote", "soft vote - soft vote, no SMOTE"),
    ("SMOTE under the stack", "stack - stack, no SMOTE"),
    ("no copies of test images in train, for the network", "cnn, no twins at all - cnn"),
)
VOTES = (
    ("votes_up_to_5", "up to 5 of 10 agree"),
    ("votes_6_to_8", "6 to 8"),
    ("votes_9_to_10", "9 or 10"),
    ("ferplus", "against FER+'s majority"),
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
        f"- {test['moved_twin']} further test images show a train image moved by some pixels or "
        f"mirrored, {test['moved_other_label']} of them under another label; of the detected "
        f"{detected['moved_twin']}.",
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


def crop_split(models):
    """Markdown: the paper's gain from cropping, split into its two effects.

    It sets a network on whole images, scored on all of them, against one on crops, scored on the
    detected faces: other pixels, and other test images.
    """
    whole, cropped = models["cnn, whole images"], models["cnn"]
    start, easier = whole["all"]["accuracy"], whole["detected"]["accuracy"]
    end, everything = cropped["detected"]["accuracy"], cropped["all"]["accuracy"]
    rows = [
        ["whole images, all test images", f"{start:.4f}", ""],
        ["whole images, detected faces alone", f"{easier:.4f}", f"{100 * (easier - start):+.2f}"],
        ["crops, detected faces alone", f"{end:.4f}", f"{100 * (end - easier):+.2f}"],
        ["crops, or the whole image where no face is found", f"{everything:.4f}", ""],
    ]
    return markdown(["network and test images", "accuracy", "points to the row above"], rows)


def look_table(look):
    """Markdown: what two networks make of test faces as they are and strongly augmented.

    Args:
        look: metrics/ablation_augment_look.json.
    """
    shares = ("accuracy", "rare_recall", "others_called_rare")
    rows = [
        [name, shown, *(f"{look[network.stage][shown][share]:.4f}" for share in shares)]
        for name, network in NETWORKS.items()
        if network.stage in look
        for shown in ("plain", "strong")
    ]
    head = ["network", "faces", "accuracy", "recall of rare classes", "others called rare"]
    return markdown(head, rows)


def parts_table(models, parts=PARTS):
    """Markdown: a row per model, its accuracy with its interval on each part that has images."""
    faces = {part: entry["faces"] for scores in models.values() for part, entry in scores.items()}
    shown = [(part, label) for part, label in parts if part in faces]
    head = ["model", *(f"{label} ({faces[part]:,})" for part, label in shown)]
    rows = [
        [model, *(score_cell(scores.get(part)) for part, _ in shown)]
        for model, scores in models.items()
    ]
    return markdown(head, rows)


def headline_parts(models):
    """Markdown: the README's table, a few models on faces with and without a twin in train."""
    shown = {name: models[name] for name in HEADLINE if name in models}
    return parts_table(shown, PARTS[:4])


def tests_table(tests):
    """Markdown: a row per pair of models on one part."""
    rows = [
        [
            *_points(pair, entry),
            f"{entry['only_first']} / {entry['only_second']}",
            p_value(entry["p"]),
            p_value(entry["p_holm"]),
        ]
        for pair, entry in tests.items()
    ]
    head = ["pair", "points", "95% interval", "right alone", "p", "p, Holm"]
    return markdown(head, rows)


def choices_table(tests):
    """Markdown: what a choice moves the accuracy by, those that were run.

    Args:
        tests: The tests on one part of metrics/evaluate.json.
    """
    rows = [[choice, *_points(pair, tests[pair])] for choice, pair in CHOICES if pair in tests]
    return markdown(["choice", "pair", "points", "95% interval"], rows)


def gap_table(metrics):
    """Markdown: cross-validated beside test accuracy, on faces the network was trained on and not.

    Args:
        metrics: Dict of stage to metrics, with `automl_voting`, `automl_stacking` and `automl_oof`.
    """
    unseen, seen = (metrics["automl_oof"][which] for which in ("unseen", "seen"))
    models = {
        "soft vote, all train faces": metrics["automl_voting"]["soft"],
        "stack, all train faces": metrics["automl_stacking"],
        "soft vote, as many faces it was trained on": seen["soft"],
        "stack, as many faces it was trained on": seen["stack"],
        "soft vote, faces it was not trained on": unseen["soft"],
        "stack, faces it was not trained on": unseen["stack"],
    }
    rows = []
    for name, scores in models.items():
        inside, outside = scores["cross_validated"]["accuracy"], scores["accuracy"]
        gap = f"{100 * (inside - outside):+.2f}"
        rows.append([name, f"{inside:.4f}", f"{outside:.4f}", gap])
    return markdown(["ensemble and its faces", "cross-validated", "test", "points between"], rows)


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


def _points(pair, entry):
    """Cells: a pair of models, the points between them and their interval."""
    return [
        pair.replace(" - ", " less "),
        f"{100 * entry['difference']:+.2f}",
        f"{100 * entry['low']:+.2f} to {100 * entry['high']:+.2f}",
    ]


def score_cell(scores):
    """An accuracy with its interval as text; nothing where there is none."""
    if scores is None:
        return ""
    return f"{scores['accuracy']:.4f} ({scores['low']:.3f}-{scores['high']:.3f})"


def p_value(value):
    """A p-value as text."""
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"
