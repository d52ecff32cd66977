"""The model card of the packaged compact network: every figure is of its export's metrics."""

from ferd.model_card import (
    NOT_FOR,
    SOURCE,
    USE,
    calibration_text,
    class_table,
    facts_table,
    parts_table,
)

TITLE = "residual network of the stage `{network}`"
TAUGHT = """\
The labels are the smaller part of what it was taught; the larger are the answers of the networks of
the stage `benchmark_gpu`, which are of many times its work and were trained on the same images and
labels. All were trained on one GPU."""
# Of FER2013's own split; the paper's parts are others.
PARTS = {
    "all": "all of PrivateTest",
    "without_twin": "without a twin in Training",
    "with_twin": "with a twin",
}
WHY = """\
For devices with little to spend, and to check the study: it was trained on FER2013's Training
alone, so anyone can set it beside published scores on PrivateTest. The network that `ferd predict`
takes where none is named costs more and is of the paper's split, whose train part holds most of
PrivateTest: on the few hundred of its faces that neither was trained on, no difference between the
two could be told."""
DATA = """\
{training:,} images of FER2013's Training, uncut, also those in which dlib finds no face; PublicTest
({validation:,} images) chose the recipe and the temperature. {source}"""
LIMITS = """\
- **Detection.** The scores are of whole images, as published ones are. In a photo dlib has to find
  the face first; how the other network does on what it finds: [its card](model_card.md).
- **Everything else** that [its card](model_card.md) says of labels, people and pictures holds here
  too."""


def compact_card(metrics, about):
    """docs/model_card_compact.md.

    Args:
        metrics: metrics/export_<network>.json of the network that is packaged.
        about: What stands beside the network (`ferd.ship.official_facts`).
    """
    network = about["network"]
    counts = metrics["faces"] | {"validation": metrics["validation"]["faces"], "source": SOURCE}
    use = USE.format(size=about["size"], classes=", ".join(about["classes"]))
    parts = [
        "# Model card: ferd/models/compact.onnx",
        f"Written by `python -m ferd.ship compact` from metrics/export_{network}.json: do not "
        "edit.",
        facts_table(about, metrics, TITLE.format(network=network)),
        "## For what",
        WHY,
        f"`ferd predict --model compact` takes it. {use}",
        "## Not for",
        NOT_FOR,
        "## Scores",
        "Of this very file, on FER2013's PrivateTest. Accuracy with its 95% bootstrap interval; "
        "copies of a face are drawn together.",
        parts_table(metrics["test"], PARTS),
        "By class, on all of it:",
        class_table(metrics["per_class"]),
        calibration_text(metrics["calibration"]),
        f"Its labels are those of the Keras network for {metrics['parity']['same_label']:.4%} of "
        "the images.",
        "## Training data",
        DATA.format(**counts),
        *([TAUGHT] if network == "compact_gpu" else []),
        "## Limits",
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"
