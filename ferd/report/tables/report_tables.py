"""Writes the report's tables as Markdown, from the metrics of the stages audit and evaluate."""

from ferd.report.model_names import shown, shown_pair
from ferd.report.number_text import p_value, percent, points, score_cell
from ferd.scoring.networks import NETWORKS
from ferd.study.markdown import markdown, wide

PARTS = (
    ("detected", "all test faces"),
    ("without_copy", "without an exact or near copy in train"),
    ("without_any_copy", "without any copy in train"),
    ("with_copy", "with an exact or near copy in train"),
    ("exact_copy", "with an exact copy in train"),
    ("copy_other_label", "with a copy of another label in train"),
    ("not_detected", "images without a detected face"),
    ("all", "all test images"),
)
HEADLINE = (
    *("cnn", "cnn, flip averaging", "et on features", "soft vote", "stack"),
    *("et, no copies", "soft vote, no copies", "stack, no copies"),
)
# Choices that the paper leaves open or gets wrong, each as a pair of models that differ only in it.
CHOICES = (
    ("float32 in place of bfloat16", "cnn, float32 - cnn"),
    ("averaging the mirror image at test", "cnn, flip averaging - cnn"),
    ("crops in place of whole images", "cnn - cnn, whole images"),
    ("SMOTE under soft voting", "soft vote - soft vote, no SMOTE"),
    ("SMOTE under stacking", "stack - stack, no SMOTE"),
    ("training without copies of test images", "cnn, no copies at all - cnn"),
)
VOTES = (
    ("votes_up_to_5", "up to 5 annotators agree"),
    ("votes_6_to_8", "6 to 8 agree"),
    ("votes_9_to_10", "9 or 10 agree"),
    ("ferplus", "scored by the majority label"),
)


def audit_text(audit):
    """Markdown: the counts of the audit."""
    test, exact, near = audit["test"], audit["exact"], audit["near"]
    detected = audit["test_detected"]
    lines = [
        f"- {exact['groups']:,} pictures occur more than once, identical in each pixel "
        f"({exact['images']:,} of {audit['images']:,} images); "
        f"{exact['groups_of_several_labels']} of them have several labels.",
        f"- {test['exact']} of the {test['images']:,} test images have an exact copy in train, "
        f"{test['exact_other_label']} of them with another label; {test['near']} more have a near "
        "copy.",
        f"- {test['shifted_copy']} further test images have a shifted copy in train (shifted by "
        f"some pixels, or mirrored), {test['shifted_other_label']} of them with another label.",
        f"- Of the {detected['images']:,} detected test faces {detected['exact']} have an exact "
        f"and {detected['near']} a near copy, together {percent(detected['copy_share'])}%; "
        f"{detected['shifted_copy']} more have a shifted copy.",
        f"- {near['groups']:,} groups of near copies hold {near['images']:,} images; the largest "
        f"holds {near['largest']}.",
        f"- {audit['blank']} images are blank.",
    ]
    if "ferplus" in audit:
        votes = audit["ferplus"]
        shares = (f"{name} {percent(one, 0)}%" for name, one in votes["agrees_per_class"].items())
        lines.append(
            "- The majority label of FER+'s ten annotators is FER2013's label for "
            f"{percent(votes['agrees'])}% of the images ({', '.join(shares)}); they see no face in "
            f"{votes['no_face']} images, and dlib finds one in {votes['no_face_but_detected']} of "
            "these."
        )
    return "\n".join(lines)


def crop_split(models):
    """Markdown: the paper's gain from cropping, split into its two effects.

    The paper compares a network on whole images, scored on all of them, with one on crops, scored
    on the detected faces. Both the pixels and the test images differ.
    """
    whole, cropped = models["cnn, whole images"], models["cnn"]
    start, easier = whole["all"]["accuracy"], whole["detected"]["accuracy"]
    end, everything = cropped["detected"]["accuracy"], cropped["all"]["accuracy"]
    rows = [
        ["whole images, all test images", percent(start, 2), ""],
        ["whole images, detected faces", percent(easier, 2), points(easier - start, 2)],
        ["crops, detected faces", percent(end, 2), points(end - easier, 2)],
        ["crops, or the whole image where no face is found", percent(everything, 2), ""],
    ]
    head = ["input form and test images", "accuracy, %", "minus the row above, points"]
    return markdown(head, rows)


def look_table(look):
    """Markdown: two networks on test faces, unchanged and strongly augmented.

    Args:
        look: metrics/details/ablation_augment_look.json.
    """
    shares = ("accuracy", "rare_recall", "others_called_rare")
    rows = [
        [shown(name), faces, *(percent(look[network.stage][key][share]) for share in shares)]
        for name, network in NETWORKS.items()
        if network.stage in look
        for key, faces in (("plain", "unchanged"), ("strong", "augmented"))
    ]
    head = ["network", "test faces", "accuracy, %", "recall of the rare classes, %"]
    return markdown([*head, "faces of other classes predicted as rare, %"], rows)


def parts_table(models, parts=PARTS):
    """Markdown: a row per model, its accuracy with its interval on each part that has images."""
    faces = {part: entry["faces"] for scores in models.values() for part, entry in scores.items()}
    there = [(part, label) for part, label in parts if part in faces]
    head = ["accuracy, %", *(f"{label} ({faces[part]:,})" for part, label in there)]
    rows = [
        [shown(model), *(score_cell(scores.get(part)) for part, _ in there)]
        for model, scores in models.items()
    ]
    return wide(head, rows)


def headline_parts(models):
    """Markdown: a few models on test faces with and without a copy in train."""
    return parts_table({name: models[name] for name in HEADLINE if name in models}, PARTS[:4])


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
    head = ["models compared", "difference, points", "95% interval, points"]
    return markdown([*head, "right only: first / second", "p", "p, Holm's correction"], rows)


def choices_table(tests):
    """Markdown: the effect of single choices on the accuracy, for those that were run.

    Args:
        tests: The tests on one part of metrics/details/paired_tests.json.
    """
    rows = [[choice, *_points(pair, tests[pair])] for choice, pair in CHOICES if pair in tests]
    head = ["choice", "models compared", "difference, points", "95% interval, points"]
    return markdown(head, rows)


def gap_table(metrics):
    """Markdown: cross-validated and test accuracy, on the network's training faces and on others.

    Args:
        metrics: Dict of run to its scores, with `cosine_voting`, `cosine_stacking` and
            `cosine_unseen`.
    """
    tenth = metrics["cosine_unseen"]
    models = {
        "soft voting, all training faces": metrics["cosine_voting"]["soft"],
        "stacking, all training faces": metrics["cosine_stacking"]["stack"],
        "soft voting, a tenth, known to the CNN": tenth["seen_soft"],
        "stacking, a tenth, known to the CNN": tenth["seen_stack"],
        "soft voting, a tenth, new to the CNN": tenth["unseen_soft"],
        "stacking, a tenth, new to the CNN": tenth["unseen_stack"],
    }
    rows = []
    for name, scores in models.items():
        inside, outside = scores["cross_validated"]["accuracy"], scores["accuracy"]
        rows.append([name, percent(inside, 2), percent(outside, 2), points(inside - outside, 2)])
    head = ["ensemble and the faces it is fitted on", "cross-validated accuracy, %"]
    return markdown([*head, "test accuracy, %", "difference, points"], rows)


def calibration_table(calibration):
    """Markdown: calibration error before and after the temperature."""
    rows = [
        [
            shown(name),
            f"{entry['temperature']:.3f}",
            *(percent(entry[when]["calibration_error"], 2) for when in ("before", "after")),
            *(f"{-entry[when]['log_likelihood']:.4f}" for when in ("before", "after")),
        ]
        for name, entry in calibration.items()
    ]
    errors = [f"calibration error {when}, points" for when in ("before", "after")]
    losses = [f"log loss {when}" for when in ("before", "after")]
    return markdown(["network", "temperature", *errors, *losses], rows)


def _points(pair, entry):
    """Cells: a pair of models, the points between them and their interval."""
    return [
        shown_pair(pair),
        points(entry["difference"], 2),
        f"{points(entry['low'], 2)} to {points(entry['high'], 2)}",
    ]
