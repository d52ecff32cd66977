"""Scores each claim of the paper over seeds and faces, for each family of runs."""

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.scoring.claim_list import CHOICES, CLAIMS
from ferd.scoring.evaluation import parts_of
from ferd.scoring.families import ENSEMBLES
from ferd.scoring.seeds_and_faces import (
    balanced_accuracy_difference,
    mean_accuracy,
    mean_difference,
)
from ferd.scoring.uncertainty import with_holm

PARTS = ("detected", "without_copy", "without_any_copy")


def score_family(family, runs, audit, confidence):
    """The claims and choices on a family's models, and their accuracies, on each part.

    Args:
        family: Of `ferd.scoring.families.NETWORKS`.
        runs: From `ferd.scoring.families.read_runs`; claims on a model that is not there are left
            out. An ensemble is compared with the CNN that gave its features, seed by seed.
        audit: The rows of data/audit.csv of the same images.
        confidence: Level of the intervals.

    Returns:
        Dict of part to `accuracy` (by model `ferd.scoring.seeds_and_faces.mean_accuracy`), to
        `claims` and `choices` (by pair `compare_runs`, with Holm's correction over the pairs of
        each p-value: `p_faces_holm`, and `p_holm` of `balanced`) and to `recalls`
        (`compare_recalls`).
    """
    found = {}
    for part, (actual, groups, mask) in part_rows(audit).items():
        shown = {model: predicted[:, mask] for model, predicted in runs.items()}
        settings = shown, actual, groups, set(ENSEMBLES[family]), confidence
        accuracy = {
            model: mean_accuracy(predicted == actual, groups, confidence)
            for model, predicted in shown.items()
        }
        found[part] = {
            "accuracy": accuracy,
            "claims": compare_pairs(CLAIMS, *settings),
            "choices": compare_pairs(CHOICES, *settings),
            "recalls": compare_recalls(*settings),
        }
    return found


def compare_recalls(runs, actual, groups, ensembles, confidence):
    """The recall of each class, for the pairs of models of which balanced accuracy decides a claim.

    Args:
        runs, actual, groups, ensembles, confidence: As in `compare_pairs`.

    Returns:
        Dict of pair to dict of class, as far as there are faces of it, to `faces`, the mean recalls
        of the `first` and the `second` model, and their `mean_difference`, with Holm's correction
        over the classes.
    """
    found = {}
    for claim in [claim for claim in CLAIMS if claim.score == "balanced"]:
        if {claim.first, claim.second} <= set(runs):
            sides = runs[claim.first], runs[claim.second]
            paired = bool({claim.first, claim.second} & ensembles)
            sides = of_same_seeds(*sides, paired)
            entries = {
                CLASSES[label]: recall_of(label, sides, actual, groups, paired, confidence)
                for label in np.unique(actual)
            }
            found[claim.pair] = with_holm(entries, "p_faces")
    return found


def compare_pairs(pairs, runs, actual, groups, ensembles, confidence):
    """`compare_runs` of pairs of models whose runs are there, with Holm's correction over them.

    Args:
        pairs: Of `ferd.scoring.claim_list`: with `first`, `second` and `pair`.
        runs: Dict of model to class indices, shape `(seeds, faces)`.
        actual: Class indices, shape `(faces,)`.
        groups: Integers, shape `(faces,)`, the same for faces that belong together.
        ensembles: Models that are compared with others seed by seed.
        confidence: Level of the intervals.
    """
    entries = {}
    for one in pairs:
        if {one.first, one.second} <= set(runs):
            paired = bool({one.first, one.second} & ensembles)
            sides = runs[one.first], runs[one.second]
            entries[one.pair] = compare_runs(actual, *sides, groups, paired, confidence)
    return corrected(entries)


def recall_of(label, sides, actual, groups, paired, confidence):
    """An entry of `compare_recalls`: one class, by its index; `sides` are both models' runs."""
    mask = actual == label
    first, second = (side[:, mask] == label for side in sides)
    recalls = {"first": float(first.mean()), "second": float(second.mean())}
    test = mean_difference(first, second, groups[mask], paired, confidence)
    return {"faces": int(mask.sum())} | recalls | test


def part_rows(audit):
    """Dict of the part, of `PARTS` that has images, to their class indices, groups and mask."""
    labels = pd.Index(CLASSES).get_indexer(audit["class"])
    groups, masks = audit["copy_group"].to_numpy(), parts_of(audit)
    return {
        part: (labels[masks[part]], groups[masks[part]], masks[part])
        for part in PARTS
        if masks[part].any()
    }


def compare_runs(actual, first, second, groups, paired, confidence):
    """`mean_difference` of the accuracies; under `balanced` `balanced_accuracy_difference`.

    Args:
        actual: Class indices, shape `(faces,)`.
        first, second: Predicted class indices, shape `(seeds, faces)`. Paired, only the seeds that
            both have are compared.
        groups, paired, confidence: As in `ferd.scoring.seeds_and_faces.mean_difference`.
    """
    first, second = of_same_seeds(first, second, paired)
    settings = groups, paired, confidence
    return mean_difference(first == actual, second == actual, *settings) | {
        "balanced": balanced_accuracy_difference(actual, first, second, *settings)
    }


def of_same_seeds(first, second, paired):
    """Both sides; if they are paired, only the seeds that both have."""
    if paired:
        count = min(len(first), len(second))
        first, second = first[:count], second[:count]
    return first, second


def corrected(entries):
    """Adds Holm's correction to the dicts of `compare_runs`."""
    balanced = with_holm({pair: entry["balanced"] for pair, entry in entries.items()}, "p")
    return {
        pair: entry | {"balanced": balanced[pair]}
        for pair, entry in with_holm(entries, "p_faces").items()
    }


def compare_families(first, second, audit, confidence):
    """The CNNs of two families against each other, on each part: dict of part to `compare_runs`.

    Args:
        first, second: Class indices that they predict, shape `(seeds, images)`.
        audit, confidence: As in `score_family`.
    """
    return {
        part: compare_runs(actual, first[:, mask], second[:, mask], groups, False, confidence)
        for part, (actual, groups, mask) in part_rows(audit).items()
    }
