"""Writes the model card of the network trained on FER+'s annotator votes.

Its figures are those of metrics/details/export/compact_ferplus.json.
"""

from ferd.packaged.card_tables import class_table, facts_table, parts_table
from ferd.packaged.model_card import NOT_FOR, SOURCE, USE
from ferd.study.markdown import markdown

TITLE = "residual network of the recipe `compact_ferplus`"
PARTS = {
    "all": "all clear faces",
    "without_copy": "without an exact or near copy in Training",
    "with_copy": "with an exact or near copy in Training",
    "near_all": "9 or 10 of ten annotators agree",
    "as_labelled": "majority label is FER2013's label",
    "contradicted": "majority label differs from FER2013's label",
}
LABELLED = {
    "all": "all of PrivateTest",
    "without_copy": "without an exact or near copy in Training",
    "with_copy": "with an exact or near copy in Training",
}
SHARES = {
    "before": "the file's probabilities",
    "after": "with the temperature, as `ferd predict` does",
    "mean_shares": "PublicTest's mean vote shares, for every face",
    "annotators": "the vote shares themselves",
}
WHY = """\
It predicts how annotators would vote. FER2013 has one label for a face; FER+ has the votes of ten
annotators, and this network was trained on their shares. On clear faces it predicts the
annotators' majority label far more often than the networks trained on the labels do, also where
label and majority label are the same ([docs/report.md](report.md)). Its probabilities estimate
vote shares: 0.6 for angry means that six of ten annotators would choose angry.

Do not compare its scores with published scores by FER2013's labels: FER+'s annotators often
contradict these labels."""
CLEAR = """\
All scores are of the packaged file, on the clear faces of FER2013's PrivateTest: those for which
{votes} or more of ten annotators chose the same class. Accuracy is the agreement with this
majority label. The interval is a 95% bootstrap interval, in which copies of a face are drawn
together. "One annotator" is how often a single annotator agrees with the majority label; the
annotator's own vote is part of the majority, which raises this figure."""
NEAR = """\
The next table compares the probabilities with the vote shares, on {faces:,} images of PrivateTest.
Distance is the share of the ten votes that would have to change (total variation). The calibration
error is the mean difference between the confidence and the share of annotators who chose the
predicted class. The cross-entropy cannot be lower than that of the vote shares themselves."""
DATA = """\
The network was trained on {training:,} images of FER2013's Training, whole, also those in which
dlib finds no face. The targets are the vote shares of FER+'s ten annotators (Barsoum, Zhang,
Canton Ferrer and Zhang, 2016; MIT licence). Votes for contempt, unknown and no face are left out.
An image without a vote for any of the seven classes has FER2013's label as its target. Only the
temperature was chosen, by the votes on PublicTest ({validation:,} images). The recipe is that of
`compact`, with fewer epochs. {source}"""
LIMITS = """\
- **The majority label is not the truth.** Ten annotators are a small sample: FER+ had one crowd,
  which saw small gray pictures.
- **Neutral.** Annotators choose it far more often than FER2013's labels do, and so does this
  network.
- **Rare classes.** Annotators choose disgust and fear for few faces. On these the network is worst
  (see the table by class).
- **Detection.** The scores are on whole images. In a photo dlib must find the face first.
- **Persons and pictures.** The limits in the [card of `improved`](model_card.md) apply here
  too. All networks of the package are compared in [models.md](models.md)."""


def annotators_card(metrics, about, votes):
    """Text of docs/model_card_annotators.md.

    Args:
        metrics: metrics/details/export/compact_ferplus.json.
        about: The JSON file packaged with the network (`ferd.packaged.trained.official_facts`).
        votes: The equal votes of ten annotators from which a face counts as clear.
    """
    use = USE.format(size=about["size"], classes=", ".join(about["classes"]))
    parts = [
        "# Model card: ferd/models/annotators.onnx",
        "Written by `python -m ferd.packaged.ship annotators` from "
        "metrics/details/export/compact_ferplus.json: do not edit.",
        facts_table(about, metrics, TITLE),
        "## Intended use",
        WHY,
        f"`ferd predict --model annotators` uses it. {use}",
        "## Do not use it for",
        NOT_FOR,
        "## Scores",
        CLEAR.format(votes=votes),
        parts_table(metrics["test"], PARTS, ("one annotator", "one_person")),
        "Scores by class, on all clear faces:",
        class_table(metrics["per_class"]),
        NEAR.format(faces=metrics["calibration"]["faces"]),
        shares_table(metrics["calibration"]),
        "Scores by FER2013's labels, on which the network was not trained:",
        parts_table(metrics["labels"], LABELLED),
        f"The file predicts the same class as the Keras network for "
        f"{metrics['parity']['same_label']:.2%} of the images.",
        "## Training data",
        DATA.format(**metrics["faces"], source=SOURCE),
        "## Limits",
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def shares_table(scores):
    """Markdown: distances of probabilities from vote shares (`annotators_export.score_shares`)."""
    keys = ("distance", "calibration_error", "cross_entropy")
    rows = [
        [label, *(f"{scores[given][key]:.4f}" for key in keys)] for given, label in SHARES.items()
    ]
    return markdown(["prediction", *(key.replace("_", " ") for key in keys)], rows)
