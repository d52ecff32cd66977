"""Writes FER+'s votes for an image in words."""

from pathlib import PurePosixPath


def spoken_votes(votes, names):
    """FER+'s votes for each image, in words.

    Args:
        votes: From `ferd.dataset.parts.votes.read_votes`.
        names: Names `<split>/<class>/<row in FER2013>`.

    Returns:
        Dict of name to a text such as "happy 7, neutral 3", the most frequent first, equal ones in
        the table's order.
    """
    texts = {}
    for name in names:
        row = votes.loc[int(PurePosixPath(name).name)]
        given = row[row > 0].sort_values(ascending=False, kind="stable")
        texts[name] = ", ".join(
            f"{choice.replace('_', ' ')} {count}" for choice, count in given.items()
        )
    return texts
