"""Writes the model card of the packaged compact network; its figures are its export's metrics."""

from ferd.packaged.card_tables import calibration_text, class_table, facts_table, parts_table
from ferd.packaged.model_card import NOT_FOR, SOURCE, USE
from ferd.study.details import folder_of

TITLE = "residual network of the recipe `{network}`"
TAUGHT = """\
Its targets are partly the labels, and for the larger part the predictions of the networks of the
recipe `benchmark_gpu` (knowledge distillation). Those networks take many times its multiply-adds
and were trained on the same images and labels. All were trained on one GPU."""
# Parts of FER2013's own split; the paper's split has other parts.
PARTS = {
    "all": "all of PrivateTest",
    "without_copy": "without an exact or near copy in Training",
    "with_copy": "with an exact or near copy in Training",
}
WHY = """\
It is for comparison with published scores on PrivateTest, the test part of FER2013's own split: it
was trained on the part Training alone. `ferd predict --model fast` is one view of it in int8. The
default network, `general`, is a compromise between FER2013's labels and annotator votes. All are
compared in [models.md](models.md)."""
DATA = """\
The network was trained on {training:,} images of FER2013's Training, whole, also those in which
dlib finds no face. The recipe and the temperature were chosen on the {validation:,} images of
PublicTest. {source}"""
LIMITS = """\
- **Detection.** The scores are on whole images, as published scores are. In a photo dlib must find
  the face first. The [card of `improved`](model_card.md) has scores on detected faces.
- **Labels, persons and pictures.** The limits in [that card](model_card.md) apply here too."""


def compact_card(metrics, about):
    """Text of docs/model_card_compact.md.

    Args:
        metrics: metrics/details/export/<network>.json of the network that is packaged.
        about: The JSON file packaged with the network (`ferd.packaged.trained.official_facts`).
    """
    network = about["network"]
    counts = metrics["faces"] | {"validation": metrics["validation"]["faces"], "source": SOURCE}
    use = USE.format(size=about["size"], classes=", ".join(about["classes"]))
    parts = [
        "# Model card: ferd/models/compact.onnx",
        "Written by `python -m ferd.packaged.ship compact` from "
        f"{folder_of(network)}/export/{network}.json: do not edit.",
        facts_table(about, metrics, TITLE.format(network=network)),
        "## Intended use",
        WHY,
        f"`ferd predict --model compact` uses it. {use}",
        "## Do not use it for",
        NOT_FOR,
        "## Scores",
        "All scores are of the packaged file, on FER2013's PrivateTest. The interval is a 95% "
        "bootstrap interval, in which copies of a face are drawn together.",
        parts_table(metrics["test"], PARTS),
        "Scores by class, on all of PrivateTest:",
        class_table(metrics["per_class"]),
        calibration_text(metrics["calibration"]),
        f"The file predicts the same class as the Keras network for "
        f"{metrics['parity']['same_label']:.2%} of the images.",
        "## Training data",
        DATA.format(**counts),
        *([TAUGHT] if network == "compact_gpu" else []),
        "## Limits",
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"
