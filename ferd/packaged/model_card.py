"""Writes the model card of the paper's split's best network, from the metrics of its export."""

from ferd.packaged.card_tables import (
    calibration_text,
    class_table,
    facts_table,
    format_table,
    parts_table,
)

# Keys are the networks, as the stage `export` names them.
NETWORKS = {
    "cosine": {
        "title": "Table I of the paper, the run `cosine`",
        "data": {
            "images": "faces",
            "form": "cropped to dlib's box",
            "chosen": "The epoch, the temperature and the file format",
        },
    },
    "improved": {
        "title": "residual network of the recipe `improved`, averaged over `export_improved.views`",
        "data": {
            "images": "images",
            "form": "whole, also those in which dlib finds no face",
            "chosen": "The temperature and the file format",
        },
    },
}

USE = """\
It is for research and teaching: to rerun and check the study, to compare networks, and to try it
on your own pictures. The input is a gray face of {size}x{size} pixels, cropped as `ferd predict`
crops it. The output is one probability for each class: {classes}."""
NOT_FOR = """\
A label is the class that someone chose for a picture. It is not what the person feels. Do not
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
FER2013's authors gathered the images with a web image search for words of emotion and had the
labels checked by hand, for a contest in 2013 (Goodfellow et al., "Challenges in
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
        metrics: metrics/details/export/<network>.json of the network that is packaged.
        about: The JSON file packaged with the network (`ferd.packaged.trained.facts`).
    """
    entry, classes = metrics["formats"][about["format"]], ", ".join(about["classes"])
    name, network = about["network"], NETWORKS[about["network"]]
    counts = metrics["faces"] | {"validation": entry["validation"]["faces"]} | network["data"]
    counts["source"] = SOURCE
    tested = entry["test"]
    undetected = 1 - tested["detected"]["faces"] / tested["all"]["faces"]
    parts = [
        "# Model card: ferd/models/ferd.onnx",
        f"Written by `python -m ferd.packaged.ship` from metrics/details/export/{name}.json: do "
        "not edit.",
        "This is the study's best network for the paper's split: `ferd predict --model "
        "ferd/models/ferd.onnx`. The networks that have names are compared in "
        "[models.md](models.md).",
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
        f"`dvc repro export@{name}` writes these files to `data/export/{name}/`. The table "
        "compares them with the Keras network on the detected test faces. Their times per face are "
        "in "
        f"metrics/cost/export/{name}.json.",
        format_table(metrics["formats"]),
    ]
    return "\n\n".join(parts) + "\n"


def uncut_text(metrics):
    """A sentence on the accuracy on whole images; nothing if the export did not measure it."""
    if "uncut" not in metrics:
        return []
    test = metrics["uncut"]["test"]
    return [
        "The detected faces are cropped as `ferd predict` crops them. On the same images whole, as "
        f"in training, the Keras network scores {test['accuracy']:.1%} ({test['faces']:,} faces)."
    ]
