"""The model card of the network that people taught.

Every figure is of metrics/export_compact_ferplus.json.
"""

from ferd.model_card import NOT_FOR, SOURCE, USE, class_table, facts_table, parts_table
from ferd.tables import markdown

TITLE = "residual network of the stage `compact_ferplus`"
PARTS = {
    "all": "all clear ones",
    "without_twin": "without a twin in Training",
    "with_twin": "with a twin",
    "near_all": "9 or 10 of the ten agree",
    "as_labelled": "FER2013's label is what people say",
    "contradicted": "it is not",
}
LABELLED = {
    "all": "all of PrivateTest",
    "without_twin": "without a twin in Training",
    "with_twin": "with a twin",
}
SHARES = {
    "before": "the file's own probabilities",
    "after": "at its temperature, as `ferd predict` gives them",
    "mean_shares": "the mean shares of PublicTest, for every face",
    "people": "people's shares themselves",
}
WHY = """\
To be told what people would say. Where FER2013 gives a face one label, FER+ asked ten people; this
network learned their shares. On the faces on which most of them agree it gives their answer far
more often than the networks that learned the labels, also where the label is the same answer
([docs/report.md](report.md)). Its probabilities are meant as shares: 0.6 for angry says that six of
ten people would call the face so.

Not to be set beside published scores on FER2013's labels: people contradict these too often."""
CLEAR = """\
Of this very file, on the clear faces of FER2013's PrivateTest: those of which {votes} or more of
ten people gave one answer of the seven. Accuracy by that answer with its 95% bootstrap interval;
copies of a face are drawn together. One person: how often one of the ten says what most of them
say; each one's own answer is counted among theirs, which flatters people."""
NEAR = """\
How near its probabilities come to people's shares, on {faces:,} images of PrivateTest. Distance:
what share of the ten would have to change their answer (total variation). Calibration error: how
far the confidence is from the share of people who say the same, on average by interval of
confidence. Cross-entropy: the least there can be is people's own."""
DATA = """\
{training:,} images of FER2013's Training, uncut, also those in which dlib finds no face, each with
the shares of FER+'s ten people (Barsoum, Zhang, Canton Ferrer and Zhang, 2016; MIT licence);
contempt, unknown and no face are left out of these, and an image that nobody gave any of the seven
has FER2013's label. Nothing but the temperature was chosen, by the votes on PublicTest
({validation:,} images); the recipe is `compact`'s. {source}"""
LIMITS = """\
- **What most people say is not the truth**, and these ten are not all people: FER+ asked one crowd,
  about small gray pictures.
- **Neutral.** People say it far more often than FER2013's labels do, and so does this network.
- **Rare answers.** People say disgust and fear of few faces; on these it is worst (see by class).
- **Detection.** The scores are of whole images. In a photo dlib has to find the face first.
- **Everything else** that [the other network's card](model_card.md) says of people and pictures
  holds here too."""


def people_card(metrics, about, votes):
    """docs/model_card_people.md.

    Args:
        metrics: metrics/export_compact_ferplus.json.
        about: What stands beside the network (`ferd.ship.official_facts`).
        votes: From so many of ten people on a face counts as clear.
    """
    use = USE.format(size=about["size"], classes=", ".join(about["classes"]))
    parts = [
        "# Model card: ferd/models/people.onnx",
        "Written by `python -m ferd.ship people` from metrics/export_compact_ferplus.json: do not "
        "edit.",
        facts_table(about, metrics, TITLE),
        "## For what",
        WHY,
        f"`ferd predict --model people` takes it. {use}",
        "## Not for",
        NOT_FOR,
        "## Scores",
        CLEAR.format(votes=votes),
        parts_table(metrics["test"], PARTS, ("one person", "one_person")),
        "By class, on all clear ones:",
        class_table(metrics["per_class"]),
        NEAR.format(faces=metrics["calibration"]["faces"]),
        shares_table(metrics["calibration"]),
        "By FER2013's labels, which it did not learn:",
        parts_table(metrics["labels"], LABELLED),
        f"Its answers are those of the Keras network for {metrics['parity']['same_label']:.4%} of "
        "the images.",
        "## Training data",
        DATA.format(**metrics["faces"], source=SOURCE),
        "## Limits",
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def shares_table(scores):
    """Markdown: how near probabilities are to shares (`ferd.people_export.score_shares`)."""
    keys = ("distance", "calibration_error", "cross_entropy")
    rows = [
        [label, *(f"{scores[given][key]:.4f}" for key in keys)] for given, label in SHARES.items()
    ]
    return markdown(["given", *(key.replace("_", " ") for key in keys)], rows)
