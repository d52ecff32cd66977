"""Compares packages with FER+'s annotators: reads the clear faces, scores, writes the table."""

from dataclasses import dataclass

import numpy as np
from peer.candidates import study_class
from peer.images import read_study
from peer.table import interval

from ferd.scoring.agreement import clear_faces, one_person
from ferd.scoring.uncertainty import accuracy_interval
from ferd.study.markdown import wide

DRAWS, SEED = 2000, 0  # of the bootstrap
PERSON = "a single annotator"


@dataclass(frozen=True)
class ClearFaces:
    """The images of PrivateTest on which most of ten annotators agree.

    Args:
        pixels: uint8, shape `(faces, 48, 48)`.
        table: DataFrame of `label` and `annotators` (the majority label) by image name.
        groups: Integers, shape `(faces,)`, the same for copies of one picture.
        person: `ferd.scoring.agreement.one_person`.
    """

    pixels: np.ndarray
    table: object
    groups: np.ndarray
    person: dict


def read_clear_faces(data, votes):
    """Reads the clear faces of PrivateTest.

    Args:
        data: As in `peer.images.read_study`.
        votes: As in `ferd.scoring.agreement.clear_faces`.

    Returns:
        `ClearFaces`.

    Raises:
        SystemExit: As `peer.images.read_study`, and if audit.csv has no votes.
    """
    import pandas as pd

    from ferd.dataset.parts.official_split import official_parts

    audit, pixels = read_study(data)
    if "ferplus" not in audit:
        raise SystemExit(f"{data / 'audit.csv'}: has no votes: set audit.ferplus to true")
    annotators = clear_faces(audit[official_parts(audit.index)["test"]], votes)
    of_clear = audit.loc[annotators.index]
    table = pd.DataFrame({"label": of_clear["class"], "annotators": annotators})
    return ClearFaces(
        pixels[audit.index.isin(annotators.index)],
        table,
        of_clear["copy_group"].to_numpy(),
        one_person(table, audit["ferplus_votes"]),
    )


def score_by_annotators(words, faces):
    """Scores a variant by FER2013's labels and by the annotators' majority labels.

    Args:
        words: Its predicted class for each face, by its own class names.
        faces: `ClearFaces`.

    Returns:
        Dict of fractions: `by_label` and `by_annotators`, each with its 95% interval (`_low`,
        `_high`); `agreed`, the accuracy where majority label and label are equal; `says_label`
        and `says_annotators`, the shares of either where they differ.

    Raises:
        ValueError: As `peer.candidates.study_class`; for another number of labels.
    """
    given = np.array([study_class(word) or "" for word in words])
    label, annotators = (faces.table[name].to_numpy("U") for name in ("label", "annotators"))
    if len(given) != len(label):
        raise ValueError(f"{len(given)} labels for {len(label)} faces")
    same, scores = label == annotators, {}
    for name, truth in (("by_label", label), ("by_annotators", annotators)):
        low, high = accuracy_interval(given == truth, faces.groups, DRAWS, SEED)
        scores |= {name: float((given == truth).mean()), f"{name}_low": low, f"{name}_high": high}
    return scores | {
        "agreed": float((given == label)[same].mean()),
        "says_label": float((given == label)[~same].mean()),
        "says_annotators": float((given == annotators)[~same].mean()),
    }


def annotators_table(section):
    """Section `peers_annotators` of results.json as Markdown: a row per variant, in order of
    agreement with the annotators.

    Args:
        section: That section.
    """
    ranked = sorted(section["accuracy"].items(), key=lambda item: -item[1]["by_annotators"])
    rows = [
        [
            f"`{name}`",
            section["facts"][name]["version"],
            section["facts"][name]["trained_on"],
            *(interval(scores, key) for key in ("by_annotators", "by_label")),
            *(f"{100 * scores[key]:.1f}%" for key in ("agreed", "says_label", "says_annotators")),
        ]
        for name, scores in ranked
    ]
    alone = section["one_person"]
    agreed, contradicted = (f"{100 * alone[key]:.1f}%" for key in ("agreed", "contradicted"))
    rows.append([PERSON, "", "", f"{alone['all']:.3f}", "", agreed, "", contradicted])
    head = [
        f"on {section['faces']:,} clear faces",
        *("version", "trained on", "accuracy by majority label", "accuracy by FER2013's label"),
        "accuracy where both labels are equal",
        f"predicts FER2013's label where they differ ({section['contradicted']:,})",
        "predicts the majority label there",
    ]
    return wide(head, rows)
