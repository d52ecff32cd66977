"""Scores networks by both kinds of labels: FER2013's, and the annotators' majority labels."""

import numpy as np
import pandas as pd

from ferd.benchmark.ferplus_scores import benchmark_table, part_scores
from ferd.classes import CLASSES

KINDS = ("fer2013", "annotators")


def prediction_table(faces, probabilities):
    """A row per face: its name, FER2013's label and the predicted class.

    Args:
        faces: `ferd.dataset.parts.faces.Faces`.
        probabilities: Shape `(faces, 7)`, in `CLASSES`' order.
    """
    names = np.array(CLASSES)
    return pd.DataFrame(
        {
            "name": faces.names,
            "actual": names[faces.classes],
            "predicted": names[probabilities.argmax(axis=1)],
        }
    )


def by_kind(table, votes):
    """The same predictions with each kind of label.

    Args:
        table: From `prediction_table`.
        votes: From `ferd.dataset.ferplus.protocol.read_counted_votes`.

    Returns:
        Dict of kind to DataFrame; by annotators only the faces with a majority label.
    """
    return dict(zip(KINDS, (table, benchmark_table(table, votes)), strict=True))


def shares(labels):
    """The share of each of the seven classes among labels; contempt is left out.

    Args:
        labels: Names of classes, shape `(faces,)`.
    """
    counts = pd.Series(labels).value_counts()
    known = {name: int(counts.get(name, 0)) for name in CLASSES}
    return {name: count / sum(known.values()) for name, count in known.items()}


def both_scores(table, votes, groups, bootstrap):
    """Scores by both kinds of labels.

    Args:
        table, votes: As in `by_kind`.
        groups: Series of image name to the number of its group of copies.
        bootstrap: Samples and seed.

    Returns:
        Dict of kind to `ferd.benchmark.ferplus_scores.part_scores`, with the balanced accuracy over
        the seven classes of FER2013: no network of the package has contempt.
    """
    kinds = by_kind(table, votes)
    scores = {kind: part_scores(one, groups, *bootstrap) for kind, one in kinds.items()}
    for one in scores.values():
        present = [one["per_class"][name] for name in CLASSES if one["per_class"][name]["support"]]
        one["balanced_accuracy"] = float(np.mean([found["recall"] for found in present]))
        del one["macro_f1"]
    return scores


def compare_labels(table, votes):
    """How far the two kinds of labels are apart.

    Args:
        table, votes: As in `by_kind`.

    Returns:
        Dict of `faces` with a majority label, the share on which the labels `differ`, and the class
        `shares` of both kinds on these faces.
    """
    majority = by_kind(table, votes)["annotators"]
    labels = table.set_index("name")["actual"].loc[majority["name"]]
    return {
        "faces": len(majority),
        "differ": float((labels.to_numpy() != majority["actual"].to_numpy()).mean()),
        "shares": {"fer2013": shares(labels), "annotators": shares(majority["actual"])},
    }
