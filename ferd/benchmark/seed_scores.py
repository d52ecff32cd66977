"""Scores a network that was trained for FER+'s benchmark, over its seeds and averaged.

Reference:
    - Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles
      (https://arxiv.org/abs/1612.01474), Lakshminarayanan et al., 2017, for the average
"""

import numpy as np

from ferd.benchmark.ferplus_scores import LABELS, private_test_scores
from ferd.scoring.seeds import spread

SIZES = ("parameters", "multiply_adds", "faces")
MEANS = ("balanced_accuracy", "macro_f1")


def network_scores(runs, tables, groups, draws, seed):
    """Scores of a network over its seeds, by test-time augmentation.

    Args:
        runs: The runs' metrics/details/<network>/<seed>.json, one per seed.
        tables: Dict of views (`centre`, `flip`, `ten`) to dict of `test` and `validation` to a list
            of DataFrames, one per seed.
        groups: Series of image name to the number of its group of copies.
        draws: Bootstrap samples.
        seed: Seeds them.

    Returns:
        Dict: `seeds` (their number), `parameters`, `multiply_adds` (of one view), `faces` of each
        part, and `views`: by views `validation` (mean accuracy on PublicTest) and `over_seeds` of
        PrivateTest's parts; with two seeds or more also `average`, the same of the mean
        probabilities, its parts as `ferd.benchmark.ferplus_scores.private_test_scores`.
    """
    views = {name: views_scores(runs, name) for name in runs[0]["test"]}
    if len(runs) > 1:
        for name, by_part in tables.items():
            validation = averaged(by_part["validation"])
            views[name]["average"] = {
                "validation": float((validation["actual"] == validation["predicted"]).mean()),
                **private_test_scores(averaged(by_part["test"]), groups, draws, seed),
            }
    return {"seeds": len(runs), **{key: runs[0][key] for key in SIZES}, "views": views}


def views_scores(runs, views):
    """Scores over the seeds with one kind of test-time augmentation.

    Args:
        runs: As in `network_scores`.
        views: `centre`, `flip` or `ten`.
    """
    parts = [one["test"][views] for one in runs]
    accuracies = [one["validation"][views]["accuracy"] for one in runs]
    found = {part: over_seeds([one[part] for one in parts]) for part in parts[0]}
    return {"validation": float(np.mean(accuracies)), **found}


def over_seeds(scores):
    """Mean scores of one part over the seeds.

    Args:
        scores: `ferd.benchmark.ferplus_scores.part_scores`, one per seed.

    Returns:
        Dict: `faces`, `accuracy`, `balanced_accuracy` and `macro_f1`; `low` and `high`, of several
        seeds Student's t interval of the mean accuracy, of one its bootstrap interval; of several
        also `sd`, `least` and `most` of the accuracies; `per_class` (`recall`, `support`).
    """
    first = scores[0]
    means = {key: float(np.mean([one[key] for one in scores])) for key in MEANS}
    per_class = {
        name: {
            "recall": float(np.mean([one["per_class"][name]["recall"] for one in scores])),
            "support": first["per_class"][name]["support"],
        }
        for name in first["per_class"]
    }
    if len(scores) == 1:
        accuracy = {key: first[key] for key in ("accuracy", "low", "high")}
    else:
        found = spread([one["accuracy"] for one in scores])
        accuracy = {"accuracy": found["mean"]}
        accuracy |= {key: found[key] for key in ("sd", "low", "high", "least", "most")}
    return {"faces": first["faces"], **accuracy, **means, "per_class": per_class}


def averaged(tables):
    """The class with the highest mean probability of several networks.

    Args:
        tables: DataFrames of the same images in one order, with a column `p_<class>` per class.

    Returns:
        The first table with that class as `predicted`.

    Raises:
        ValueError: If the tables are of different images.
    """
    if any(not table["name"].equals(tables[0]["name"]) for table in tables):
        raise ValueError("the tables are of different images")
    columns = [f"p_{name}" for name in LABELS]
    mean = np.mean([table[columns].to_numpy() for table in tables], axis=0)
    return tables[0].assign(predicted=np.array(LABELS)[mean.argmax(axis=1)])
