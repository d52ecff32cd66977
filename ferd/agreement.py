"""Sets networks beside the people of FER+, on faces whose FER2013 label these may contradict.

A network can be scored by a face's label or by what most of ten people saw in it. Where the two
differ the label may be wrong, and a network that gives it is right by the label alone.

Reference:
    - [Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label
      Distribution](https://arxiv.org/abs/1608.01041), Barsoum, Zhang, Canton Ferrer and Zhang, 2016
    - [Adjusting the Outputs of a Classifier to New a Priori
      Probabilities](https://doi.org/10.1162/089976602753284446), Saerens, Latinne and Decaestecker,
      2002, for the reweighted answers
"""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.evaluation import score_part
from ferd.seeds import difference, spread
from ferd.uncertainty import compare_pairs

# What an answer is held against, and which answer: the network's own, or the reweighted one.
TRUTHS = {
    "label": ("label", "predicted"),
    "people": ("people", "predicted"),
    "people_reweighted": ("people", "reweighted"),
}


def clear_faces(audit, votes):
    """The faces on which people agree.

    Args:
        audit: DataFrame indexed by image name with `ferplus` (the answer most of the ten people
            gave) and `ferplus_votes` (how many gave it), as the stage audit writes them.
        votes: How many of the ten must have given it.

    Returns:
        Series of image name to that answer, of the images where it is one of the seven classes.
    """
    clear = audit["ferplus"].isin(CLASSES) & (audit["ferplus_votes"] >= votes)
    return audit.loc[clear, "ferplus"]


def people_weights(labels, people):
    """How much more often people give each class than the labels do.

    People call faces neutral far more often than FER2013's labels. A network that has learned the
    labels' shares is wrong by the people for that alone; multiplied by these weights, its
    probabilities have the people's shares.

    Args:
        labels: Series of image name to label, of training images.
        people: From `clear_faces`; counted are the images that both have.

    Returns:
        Series of class to the ratio of its shares.

    Raises:
        ValueError: If no clear training image has the label of some class.
    """
    labels = labels[labels.index.isin(people.index)]
    given = labels.value_counts().reindex(list(CLASSES), fill_value=0)
    if (given == 0).any():
        raise ValueError(f"no clear training image is labelled {given.idxmin()}")
    return people.loc[labels.index].value_counts().reindex(list(CLASSES), fill_value=0) / given


def clear_rows(table, people, weights):
    """A network's answers on the clear faces, in order of name.

    Args:
        table: DataFrame of `ferd.results.prediction_table`, with probabilities.
        people: From `clear_faces`.
        weights: From `people_weights`.

    Returns:
        DataFrame by name of `label`, `people`, `predicted` and `reweighted`.
    """
    table = table[table["name"].isin(people.index)].set_index("name").sort_index()
    probabilities = table[[f"p_{name}" for name in CLASSES]].to_numpy()
    best = (probabilities * weights[list(CLASSES)].to_numpy()).argmax(axis=1)
    return pd.DataFrame(
        {
            "label": table["actual"],
            "people": people.loc[table.index],
            "predicted": table["predicted"],
            "reweighted": np.array(CLASSES)[best],
        }
    )


def set_beside(tables, pairs, groups, draws, seed):
    """Scores networks by the labels and by the people.

    Args:
        tables: Dict of network to dict of seed to `clear_rows`, all of the same images.
        pairs: Tuples of two networks to test against each other.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.uncertainty.accuracy_interval`.

    Returns:
        Dict: `clear` (how many `faces`, of how many the label is `contradicted`), `networks`
        (`score_network` of each) and by each of `TRUTHS` `tests` (of the pairs' first seeds,
        `ferd.uncertainty.compare_pairs`) and `seeds` (of the pairs that have several,
        `ferd.seeds.difference` of their accuracies).

    Raises:
        ValueError: If the tables are of different images.
    """
    firsts = {network: next(iter(found.values())) for network, found in tables.items()}
    first = next(iter(firsts.values()))
    if not all(
        one.index.equals(first.index) for found in tables.values() for one in found.values()
    ):
        raise ValueError("networks can only be set beside each other on the same images")
    group = groups.loc[first.index].to_numpy()
    networks = {name: score_network(found, group, draws, seed) for name, found in tables.items()}
    several = [pair for pair in pairs if all(len(tables[name]) > 1 for name in pair)]
    found = {"tests": {}, "seeds": {}}
    for truth in TRUTHS:
        right = {name: is_right(one, truth) for name, one in firsts.items()}
        found["tests"][truth] = compare_pairs(right, group, pairs, draws, seed)
        found["seeds"][truth] = {
            f"{ours} - {other}": difference(
                *(accuracies(networks[name], truth) for name in (ours, other))
            )
            for ours, other in several
        }
    contradicted = int((first["label"] != first["people"]).sum())
    clear = {"faces": len(first), "contradicted": contradicted}
    return {"clear": clear, "networks": networks, **found}


def score_network(tables, group, draws, seed):
    """Scores of a network's trainings on the clear faces.

    Args:
        tables: Dict of seed to `clear_rows`.
        group: Number of each image's group of copies, shape `(faces,)`.
        draws, seed: As in `set_beside`.

    Returns:
        Dict: `seeds` (by seed `score_part` for each of `TRUTHS`; `agreed`, the share of right
        answers where people say the label; and `contradicted`: where they say another class, the
        shares of answers that are the `label`, the `people`'s or `neither`'s) and, of two seeds or
        more, `spread` (`ferd.seeds.spread` for each).
    """
    found = {}
    for number, table in tables.items():
        scores = {
            truth: score_part(table[held].to_numpy(), table[given].to_numpy(), group, draws, seed)
            for truth, (held, given) in TRUTHS.items()
        }
        same = table["label"] == table["people"]
        scores["agreed"] = float((table["predicted"] == table["label"])[same].mean())
        against = table[~same]
        if len(against):
            says = {
                who: float((against["predicted"] == against[who]).mean())
                for who in ("label", "people")
            }
            scores["contradicted"] = says | {"neither": 1 - sum(says.values())}
        found[str(number)] = scores
    scored = {"seeds": found}
    if len(tables) > 1:
        scored["spread"] = {truth: spread(accuracies(scored, truth)) for truth in TRUTHS}
    return scored


def accuracies(scored, truth):
    """A network's accuracy by seed, from `score_network`."""
    return [one[truth]["accuracy"] for one in scored["seeds"].values()]


def is_right(table, truth):
    """Which answers are right by one of `TRUTHS`: bool, shape `(faces,)`."""
    held, given = TRUTHS[truth]
    return (table[held] == table[given]).to_numpy()
