"""Writes the tables and sentences that all model cards have."""

from ferd.imaging.framing import Framing
from ferd.study.markdown import markdown

PARTS = {
    "detected": "all detected (the paper's)",
    "without_copy": "without an exact or near copy in train",
    "without_any_copy": "without a shifted or mirrored copy either",
    "with_copy": "with an exact or near copy in train",
    "not_detected": "no face detected, whole image",
    "all": "all",
    "votes_up_to_5": "detected, at most 5 of 10 annotators agree",
    "votes_6_to_8": "detected, 6 to 8 agree",
    "votes_9_to_10": "detected, 9 or 10 agree",
}
FORMATS = {
    "onnx_float32": "ONNX, float32",
    "onnx_float16": "ONNX, weights stored in float16, arithmetic in float32",
    "onnx_int8": "ONNX, int8",
    "tflite": "TensorFlow Lite, float32",
}


def facts_table(about, entry, title):
    """Markdown: a table of facts about the file."""
    size, classes = about["size"], len(about["classes"])
    rows = [
        ["format", FORMATS[about["format"]]],
        ["network", title],
        ["input", f"float32 (batch, {size}, {size}, 1), gray levels / 255"],
        ["output", f"float32 (batch, {classes}), probabilities"],
        ["part of a photo that is used", framing_text(Framing(**about["framing"]))],
        ["temperature", f"{about['temperature']:.6f}"],
        ["bytes", f"{entry['bytes']:,}"],
        ["SHA-256", f"`{about['sha256']}`"],
        ["licence", about["licence"]],
    ]
    return markdown(["", ""], rows)


def parts_table(tested, labels=PARTS, column=("macro F1", "macro_f1")):
    """Markdown: accuracy on each part of the test set.

    Args:
        tested: Dict of part to its scores; parts that are not in it are left out.
        labels: Dict of part to its name in the table, in order.
        column: Head of the last column, and the key of its score.
    """
    head, key = column
    rows = [
        [
            label,
            f"{tested[part]['faces']:,}",
            f"{100 * tested[part]['accuracy']:.1f}",
            f"{100 * tested[part]['low']:.1f} to {100 * tested[part]['high']:.1f}",
            f"{100 * tested[part][key]:.1f}",
        ]
        for part, label in labels.items()
        if part in tested
    ]
    names = ["part of the test set", "images", "accuracy, %", "95% interval", f"{head}, %"]
    return markdown(names, rows)


def framing_text(framing):
    """In words: by how much the crop exceeds dlib's box."""
    if framing == Framing():
        return "dlib's box"
    more = (-framing.left, -framing.top, framing.right - 1, framing.bottom - 1)
    left, top, right, bottom = (f"{side:.0%}" for side in more)
    return f"dlib's box, extended by {left} left, {top} above, {right} right, {bottom} below"


def class_table(per_class):
    """Markdown: precision, recall and F1 of each class."""
    keys = ("precision", "recall", "f1")
    rows = [
        [name, *(f"{100 * scores[key]:.1f}" for key in keys), f"{scores['support']:,}"]
        for name, scores in per_class.items()
    ]
    return markdown(["class", "precision, %", "recall, %", "F1, %", "faces"], rows)


def calibration_text(scores):
    """Sentences on the calibration error without and with the temperature."""
    before, after = (scores[when]["calibration_error"] for when in ("before", "after"))
    return (
        f"The expected calibration error, the mean difference of confidence and accuracy, is "
        f"{before:.1%}. `ferd predict` divides the logits by the temperature, which makes it "
        f"{after:.1%}."
    )


def format_table(formats):
    """Markdown: size of each exported file, and its agreement with the Keras network."""
    rows = [
        [
            label,
            f"{formats[name]['bytes']:,}",
            f"{100 * formats[name]['parity']['same_label']:.2f}",
            f"{100 * formats[name]['parity']['accuracy_minus_keras']:+.2f}",
            f"{100 * formats[name]['validation']['accuracy']:.2f}",
        ]
        for name, label in FORMATS.items()
    ]
    head = ["format", "bytes", "same class as Keras, %", "accuracy minus Keras's, points"]
    return markdown([*head, "validation accuracy, %"], rows)
