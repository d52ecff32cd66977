"""The model card of the network in the package: every figure from its export stage's metrics."""

from ferd.framing import Framing
from ferd.tables import markdown

# By the stage that trained it.
NETWORKS = {
    "train": {
        "export": "export",
        "title": "Table I of the paper, as the stage `train` leaves it",
        "data": {
            "images": "faces",
            "form": "cut out by dlib",
            "chosen": "the epoch, the temperature and this file",
        },
    },
    "improved": {
        "export": "export_improved",
        "title": "residual network of the stage `improved`, mean over windows of the face",
        "data": {
            "images": "images",
            "form": "uncut, also those in which dlib finds no face",
            "chosen": "the temperature and this file",
        },
    },
}

PARTS = {
    "detected": "all detected (the paper's)",
    "without_twin": "without a twin in train",
    "without_any_copy": "nor a moved or mirrored one",
    "with_twin": "with a twin",
    "not_detected": "no face detected, shown whole",
    "all": "all",
    "votes_up_to_5": "detected, at most 5 of 10 people agree",
    "votes_6_to_8": "detected, 6 to 8 agree",
    "votes_9_to_10": "detected, 9 or 10 agree",
}
FORMATS = {
    "onnx_float32": "ONNX, float32",
    "onnx_float16": "ONNX, weights stored in float16, arithmetic in float32",
    "onnx_int8": "ONNX, int8",
    "tflite": "TensorFlow Lite, float32",
}
USE = """\
Research and teaching: to rerun and check the study, to compare with, to try on pictures of your
own. It takes gray faces of {size}x{size} pixels, cut out as `ferd predict` does, and answers with a
probability for each of the classes {classes}."""
NOT_FOR = """\
A face's label is what annotators saw in a picture, not what the person feels. Do not use it to
infer people's emotions at work, in education, in health care, by the police or at borders, in
hiring, insurance or credit, for advertising, or in any decision about a person; nor to watch people
who did not agree to it. The European Union's AI Act (article 5) forbids it at work and in
education, but for medical and safety reasons."""
DATA = """\
{training:,} {images} of the train part of FER2013 in Kaggle's split (`jonathanoheix`),
{form}; {validation:,} faces of other images chose {chosen}. {source}"""
SOURCE = """\
FER2013's makers gathered
its images by a web image search for words of emotion and had people check them, for a contest in
2013 (Goodfellow et al., "Challenges in Representation Learning"). We know of no licence of the
single images, nor that the people in them were asked; the contest gave them out for its own
purpose. Whether that allows a use of weights trained on them, a commercial one above all, is for
whoever uses them to settle. No image is in this repository; the weights are under the code's
licence as far as they are ours to give."""
LIMITS = """\
- **Labels.** Each is one word of seven for a picture in which people often see several (the rows by
  agreement above, where FER+'s votes were taken). A score says how often the two agree, no more.
- **Detection.** In {undetected:.0%} of the test images dlib finds no face. `ferd predict` says
  nothing of these; shown whole, they are named worse (row "no face detected").
- **Copies.** Part of the test faces have a copy in train; the row without them is the honest one.
- **Classes.** Some are named far worse than others: see the table by class.
- **People.** FER2013 does not say who is in its pictures: no score by age, sex or skin colour can
  be given, and there is no reason to think that they are equal.
- **Pictures.** Small, gray and mostly frontal; others were not tried."""


def model_card(metrics, about):
    """docs/model_card.md.

    Args:
        metrics: metrics/export.json.
        about: What stands beside the network (`ferd.ship.facts`).
    """
    entry, classes = metrics["formats"][about["format"]], ", ".join(about["classes"])
    network = NETWORKS[about["network"]]
    counts = metrics["faces"] | {"validation": entry["validation"]["faces"]} | network["data"]
    counts["source"] = SOURCE
    stage = network["export"]
    tested = entry["test"]
    undetected = 1 - tested["detected"]["faces"] / tested["all"]["faces"]
    parts = [
        "# Model card: ferd/models/ferd.onnx",
        f"Written by `python -m ferd.ship` from metrics/{stage}.json: do not edit.",
        facts_table(about, entry, network["title"]),
        "## For what",
        USE.format(size=about["size"], classes=classes),
        "## Not for",
        NOT_FOR,
        "## Scores",
        "Of this very file, on the test set, scored once. Accuracy with its 95% bootstrap "
        "interval; copies of a face are drawn together.",
        parts_table(tested),
        *uncut_text(metrics),
        "By class, on the detected faces:",
        class_table(entry["per_class"]),
        calibration_text(entry["calibration"]),
        "## Training data",
        DATA.format(**counts),
        "## Limits",
        LIMITS.format(undetected=undetected),
        "## Other forms of the same network",
        f"In `data/{stage}/` (`dvc repro {stage}`), beside the Keras network on the detected test "
        f"faces. Milliseconds per face: metrics/cost/{stage}.json.",
        format_table(metrics["formats"]),
    ]
    return "\n\n".join(parts) + "\n"


def facts_table(about, entry, title):
    """Markdown: what the file is."""
    size, classes = about["size"], len(about["classes"])
    rows = [
        ["form", FORMATS[about["format"]]],
        ["network", title],
        ["input", f"float32 (batch, {size}, {size}, 1), gray levels / 255"],
        ["output", f"float32 (batch, {classes}), probabilities"],
        ["shown of a photo", framing_text(Framing(**about["framing"]))],
        ["temperature", f"{about['temperature']:.6f}"],
        ["bytes", f"{entry['bytes']:,}"],
        ["SHA-256", f"`{about['sha256']}`"],
        ["licence", about["licence"]],
    ]
    return markdown(["", ""], rows)


def parts_table(tested, labels=PARTS, column=("macro F1", "macro_f1")):
    """Markdown: accuracy on each part of the test set, in words by `labels`.

    Args:
        tested: Dict of part to its scores; parts that are not in it are left out.
        labels: Dict of part to words, in order.
        column: Head of the last column, and the score that stands in it.
    """
    head, key = column
    rows = [
        [
            label,
            f"{tested[part]['faces']:,}",
            f"{tested[part]['accuracy']:.4f}",
            f"{tested[part]['low']:.3f}-{tested[part]['high']:.3f}",
            f"{tested[part][key]:.4f}",
        ]
        for part, label in labels.items()
        if part in tested
    ]
    return markdown(["test images", "images", "accuracy", "95% interval", head], rows)


def framing_text(framing):
    """In words: how much more than dlib's box the network is shown."""
    if framing == Framing():
        return "dlib's box"
    more = (-framing.left, -framing.top, framing.right - 1, framing.bottom - 1)
    left, top, right, bottom = (f"{side:.0%}" for side in more)
    return f"dlib's box and {left} more to its left, {top} above, {right} right, {bottom} below"


def uncut_text(metrics):
    """A sentence on what finding and cutting out the face costs; nothing where none is cut so."""
    if "uncut" not in metrics:
        return []
    test = metrics["uncut"]["test"]
    return [
        "The detected faces are cut out here as from a photo. On the same images uncut, as it was "
        f"trained, the Keras network has {test['accuracy']:.4f} ({test['faces']:,} faces)."
    ]


def class_table(per_class):
    """Markdown: precision, recall and F1 of each class."""
    rows = [
        [name, *(f"{scores[key]:.4f}" for key in ("precision", "recall", "f1")), scores["support"]]
        for name, scores in per_class.items()
    ]
    rows = [[*cells, f"{support:,}"] for *cells, support in rows]
    return markdown(["class", "precision", "recall", "F1", "faces"], rows)


def calibration_text(scores):
    """A sentence on what the temperature does to the calibration error."""
    before, after = (scores[when]["calibration_error"] for when in ("before", "after"))
    return (
        f"Confidence and accuracy differ by {before:.4f} on average (expected calibration error); "
        f"with the logits divided by the temperature, as `ferd predict` does, by {after:.4f}."
    )


def format_table(formats):
    """Markdown: size and parity of each exported file."""
    rows = [
        [
            label,
            f"{formats[name]['bytes']:,}",
            f"{formats[name]['parity']['same_label']:.4%}",
            f"{100 * formats[name]['parity']['accuracy_minus_keras']:+.2f}",
            f"{formats[name]['validation']['accuracy']:.4f}",
        ]
        for name, label in FORMATS.items()
    ]
    head = ["form", "bytes", "same label as Keras", "points to Keras", "accuracy on validation"]
    return markdown(head, rows)
