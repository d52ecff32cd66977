"""Writes the model card of the default network; its figures are the export stage's metrics."""

from ferd.imaging.framing import Framing
from ferd.report.tables import markdown

# Keys are the stages that trained the networks.
NETWORKS = {
    "train": {
        "export": "export",
        "title": "Table I of the paper, trained by the stage `train`",
        "data": {
            "images": "faces",
            "form": "cropped to dlib's box",
            "chosen": "The epoch, the temperature and the file format",
        },
    },
    "improved": {
        "export": "export_improved",
        "title": "residual network of the stage `improved`, averaged over `export_improved.views`",
        "data": {
            "images": "images",
            "form": "whole, also those in which dlib finds no face",
            "chosen": "The temperature and the file format",
        },
    },
}

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
USE = """\
It is for research and teaching: to rerun and check the study, to compare networks, and to try it
on your own pictures. The input is a gray face of {size}x{size} pixels, cropped as `ferd predict`
crops it. The output is one probability for each class: {classes}."""
NOT_FOR = """\
A label is the class that annotators chose for a picture. It is not what the person feels. Do not
use the network to infer emotions at work, in education, in health care, by the police, at borders,
in hiring, insurance, credit or advertising, or in any decision about a person. Do not use it to
watch people who did not agree to it. The European Union's AI Act (article 5) forbids such use at
work and in education, except for medical and safety reasons."""
DATA = """\
The network was trained on {training:,} {images} of the train folder of the paper's split of FER2013
([reproduction.md](reproduction.md)), {form}.
{chosen} were chosen on {validation:,} faces of other images in that folder.
{source}"""
SOURCE = """\
FER2013's authors gathered the images with a web image search for words of emotion and had
annotators check the labels, for a contest in 2013 (Goodfellow et al., "Challenges in
Representation Learning"). We know of no licence of the single images, and of no consent of the
persons in them. The contest published them for its own purpose. Anyone who uses weights trained on
them, above all commercially, must find out whether that is allowed. No image is in this repository.
The weights are under the code's licence as far as they are ours to give."""
LIMITS = """\
- **Labels.** A label is one class of seven, and annotators often disagree about a picture (rows by
  agreement above, if FER+'s votes were available). A score only measures agreement with the label.
- **Detection.** In {undetected:.0%} of the test images dlib finds no face. `ferd predict` gives no
  prediction for these. Given these images whole, the network is less accurate (row "no face
  detected").
- **Copies.** Some test faces have a copy in train, an image of the same picture. The rows without
  copies show the accuracy on pictures that are not in train.
- **Classes.** The accuracy differs greatly between classes: see the table by class.
- **Persons.** FER2013 does not record who is in its pictures. Scores by age, sex or skin colour
  cannot be measured, and there is no reason to think that they are equal.
- **Pictures.** The faces are small, gray and mostly frontal. Others were not tested."""


def model_card(metrics, about):
    """Text of docs/model_card.md.

    Args:
        metrics: metrics/export.json.
        about: The JSON file packaged with the network (`ferd.export.ship.facts`).
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
        f"Written by `python -m ferd.export.ship` from metrics/{stage}.json: do not edit.",
        facts_table(about, entry, network["title"]),
        "## Intended use",
        USE.format(size=about["size"], classes=classes),
        "## Do not use it for",
        NOT_FOR,
        "## Scores",
        "All scores are of the packaged file, on the paper's test set. The interval is a 95% "
        "bootstrap interval, in which copies of a face are drawn together.",
        parts_table(tested),
        *uncut_text(metrics),
        "Scores by class, on the detected faces:",
        class_table(entry["per_class"]),
        calibration_text(entry["calibration"]),
        "## Training data",
        DATA.format(**counts),
        "## Limits",
        LIMITS.format(undetected=undetected),
        "## Other file formats of this network",
        f"`dvc repro {stage}` writes these files to `data/{stage}/`. The table compares them with "
        "the Keras network on the detected test faces. Their times per face are in "
        f"metrics/cost/{stage}.json.",
        format_table(metrics["formats"]),
    ]
    return "\n\n".join(parts) + "\n"


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


def uncut_text(metrics):
    """A sentence on the accuracy on whole images; nothing if the export did not measure it."""
    if "uncut" not in metrics:
        return []
    test = metrics["uncut"]["test"]
    return [
        "The detected faces are cropped as `ferd predict` crops them. On the same images whole, as "
        f"in training, the Keras network scores {test['accuracy']:.1%} ({test['faces']:,} faces)."
    ]


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
