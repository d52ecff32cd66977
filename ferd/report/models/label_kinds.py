"""The two kinds of labels in the tables of docs/models.md."""

KINDS = {"fer2013": "FER2013's labels", "annotators": "majority labels"}


def heads(end=", %"):
    """The heads of four columns: accuracy and balanced accuracy by both kinds of labels."""
    names = ("accuracy", "balanced accuracy")
    return [f"{words}: {name}{end}" for words in KINDS.values() for name in names]
