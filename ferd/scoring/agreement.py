"""Scores networks by FER2013's labels and by the majority labels of FER+'s ten annotators.

Where the two labels of a face differ, FER2013's may be wrong, and a network that predicts it is
right by that label alone.

Reference:
    - [Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
      Distribution](https://arxiv.org/abs/1608.01041), Barsoum, Zhang, Canton Ferrer and Zhang, 2016
"""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.scoring.evaluation import score_part
from ferd.scoring.prior_matching import match_counts, match_shares
from ferd.scoring.seeds import difference, spread
from ferd.scoring.uncertainty import compare_pairs

# The label, and the prediction compared with it: the network's own, or one that is prior-matched.
# Two ways to match show how far a result depends on the way: mean probabilities, or predictions.
TRUTHS = {
    "label": ("label", "predicted"),
    "annotators": ("annotators", "predicted"),
    "annotators_matched": ("annotators", "matched"),
    "annotators_counts": ("annotators", "counted"),
}


def clear_faces(audit, votes):
    """The clear faces: those on which enough annotators agree.

    Args:
        audit: DataFrame indexed by image name with `ferplus` (the class that most of the ten
            annotators chose) and `ferplus_votes` (how many chose it), as the stage audit writes
            them.
        votes: How many of the ten must have chosen it.

    Returns:
        Series of image name to that class, of the images where it is one of the seven.
    """
    clear = audit["ferplus"].isin(CLASSES) & (audit["ferplus_votes"] >= votes)
    return audit.loc[clear, "ferplus"]


def clear_rows(table, annotators, shares):
    """A network's predictions on the clear faces, in order of name.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`, with probabilities.
        annotators: From `clear_faces`.
        shares: From `ferd.scoring.prior_matching.annotators_shares`.

    Returns:
        DataFrame by name of `label`, `annotators` (the majority label), `predicted`, `matched`
        and `counted` (the likeliest class by `match_shares` and by `match_counts` on these faces).
    """
    table = table[table["name"].isin(annotators.index)].set_index("name").sort_index()
    probabilities = table[[f"p_{name}" for name in CLASSES]].to_numpy()
    matched, counted = (
        np.array(CLASSES)[match(probabilities, shares).argmax(axis=1)]
        for match in (match_shares, match_counts)
    )
    return pd.DataFrame(
        {
            "label": table["actual"],
            "annotators": annotators.loc[table.index],
            "predicted": table["predicted"],
            "matched": matched,
            "counted": counted,
        }
    )


def set_beside(tables, pairs, groups, draws, seed):
    """Scores networks by FER2013's labels and by majority labels.

    Args:
        tables: Dict of network to dict of seed to `clear_rows`, all of the same images.
        pairs: Tuples of two networks to test against each other.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict: `clear` (how many `faces`, of how many the label is `contradicted`), `networks`
        (`score_network` of each) and by each of `TRUTHS` `tests` (of the pairs' first seeds,
        `ferd.scoring.uncertainty.compare_pairs`) and `seeds` (of the pairs that have several,
        `ferd.scoring.seeds.difference` of their accuracies).

    Raises:
        ValueError: If the tables are of different images.
    """
    everyone = [table for found in tables.values() for table in found.values()]
    first = everyone[0]
    if not all(table.index.equals(first.index) for table in everyone):
        raise ValueError("networks can only be set beside each other on the same images")
    group = groups.loc[first.index].to_numpy()
    networks = {name: score_network(found, group, draws, seed) for name, found in tables.items()}
    found = {"tests": {}, "seeds": {}}
    for truth in TRUTHS:
        right = {name: is_right(next(iter(one.values())), truth) for name, one in tables.items()}
        found["tests"][truth] = compare_pairs(right, group, pairs, draws, seed)
        found["seeds"][truth] = compare_seeds(networks, pairs, truth)
    contradicted = int((first["label"] != first["annotators"]).sum())
    clear = {"faces": len(first), "contradicted": contradicted}
    return {"clear": clear, "networks": networks, **found}


def one_person(table, counts):
    """How often a single annotator chooses the majority label.

    The annotator's own vote is part of the majority, which raises this share. A network above it
    agrees with the majority more often than an average annotator does.

    Args:
        table: From `clear_rows`.
        counts: Series of image name to how many of the ten annotators chose the majority label.

    Returns:
        Dict of shares: of `all` the faces; of `agreed`, where both labels are the same, and of
        `contradicted`, where they differ, as far as there are such faces.
    """
    alone = counts.loc[table.index].to_numpy() / 10
    same = (table["label"] == table["annotators"]).to_numpy()
    masks = {"all": same | True, "agreed": same, "contradicted": ~same}
    return {name: float(alone[mask].mean()) for name, mask in masks.items() if mask.any()}


def compare_seeds(networks, pairs, truth):
    """Dict of `<first> - <second>` to `seeds.difference`, of the pairs with several seeds."""
    found = {}
    for ours, other in pairs:
        scores = [accuracies(networks[name], truth) for name in (ours, other)]
        if min(len(one) for one in scores) > 1:
            found[f"{ours} - {other}"] = difference(*scores)
    return found


def score_network(tables, group, draws, seed):
    """Scores of a network's trainings on the clear faces.

    Args:
        tables: Dict of seed to `clear_rows`.
        group: Number of each image's group of copies, shape `(faces,)`.
        draws, seed: As in `set_beside`.

    Returns:
        Dict: `seeds` (by seed `score_part` for each of `TRUTHS`; `agreed`, the accuracy where both
        labels are the same; and `contradicted`: where they differ, the shares of predictions that
        are FER2013's `label`, the majority label (`annotators`) or `neither`) and, of two seeds or
        more, `spread` (`ferd.scoring.seeds.spread` for each).
    """
    found = {}
    for number, table in tables.items():
        scores = {
            truth: score_part(table[held].to_numpy(), table[given].to_numpy(), group, draws, seed)
            for truth, (held, given) in TRUTHS.items()
        }
        same = table["label"] == table["annotators"]
        scores["agreed"] = float((table["predicted"] == table["label"])[same].mean())
        against = table[~same]
        if len(against):
            shares = {
                who: float((against["predicted"] == against[who]).mean())
                for who in ("label", "annotators")
            }
            scores["contradicted"] = shares | {"neither": 1 - sum(shares.values())}
        found[str(number)] = scores
    scored = {"seeds": found}
    if len(tables) > 1:
        scored["spread"] = {truth: spread(accuracies(scored, truth)) for truth in TRUTHS}
    return scored


def accuracies(scored, truth):
    """A network's accuracy by seed, from `score_network`."""
    return [one[truth]["accuracy"] for one in scored["seeds"].values()]


def is_right(table, truth):
    """Which predictions are right by one of `TRUTHS`: bool, shape `(faces,)`."""
    held, given = TRUTHS[truth]
    return (table[held] == table[given]).to_numpy()
