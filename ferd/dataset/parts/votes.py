"""Reads FER+: the votes of ten annotators for every FER2013 image.

Reference:
    - [Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
      Distribution](https://arxiv.org/abs/1608.01041), Barsoum, Zhang, Canton Ferrer and Zhang, 2016
"""

import pandas as pd

from ferd.classes import CLASSES

# FER+'s columns and our names; the last three are no classes of FER2013.
NAMES = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprise": "surprise",
    "contempt": "contempt",
    "unknown": "unknown",
    "NF": "no_face",
}
IMAGES = 35887


def read_votes(path):
    """Reads fer2013new.csv of the FER+ project.

    Args:
        path: The file: a header and a line per image, in FER2013's order.

    Returns:
        DataFrame indexed by the image's row in FER2013: votes in one column per entry of `NAMES`.

    Raises:
        SystemExit: If the file cannot be read, lacks a column or an image.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read: {error}") from error
    missing = [name for name in NAMES if name not in table]
    if missing or len(table) != IMAGES:
        raise SystemExit(
            f"{path}: {len(table)} lines, without {', '.join(missing) or 'no column'}; it needs "
            f"{IMAGES} and the columns {', '.join(NAMES)}: take FER+'s fer2013new.csv"
        )
    return table[list(NAMES)].rename(columns=NAMES)


def top_answers(votes):
    """The class with most votes, and the majority label.

    Args:
        votes: DataFrame from `read_votes`, or some of its rows.

    Returns:
        DataFrame of the same index: `answer` (an entry of `NAMES`' values, or "tie"), `votes` (for
        it) and `majority` (the answer if it is one of the seven classes and has more than half of
        the votes, else empty).
    """
    most = votes.max(axis=1)
    tied = votes.eq(most, axis=0).sum(axis=1) > 1
    answer = votes.idxmax(axis=1).mask(tied, "tie")
    agreed = answer.isin(CLASSES) & (2 * most > votes.sum(axis=1))
    return pd.DataFrame({"answer": answer, "votes": most, "majority": answer.where(agreed, "")})
