"""Scores each claim of the paper over seeds and faces, for each family of runs."""

import pandas as pd

from ferd.classes import CLASSES
from ferd.scoring.claim_list import CLAIMS
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
    """The claims on a family's models, and the models' accuracies, on each part.

    Args:
        family: Of `ferd.scoring.families.NETWORKS`.
        runs: From `ferd.scoring.families.read_runs`; claims on a model that is not there are left
            out. An ensemble is compared with the CNN that gave its features, seed by seed.
        audit: The rows of data/audit.csv of the same images.
        confidence: Level of the intervals.

    Returns:
        Dict of part to `accuracy` (by model `ferd.scoring.seeds_and_faces.mean_accuracy`) and
        `claims` (by pair `compare_runs`, with Holm's correction over the pairs of each p-value:
        `p_faces_holm`, and `p_holm` of `balanced`).
    """
    found = {}
    for part, (actual, groups, mask) in part_rows(audit).items():
        shown = {model: predicted[:, mask] for model, predicted in runs.items()}
        entries = {}
        for claim in CLAIMS:
            if {claim.first, claim.second} <= set(shown):
                paired = bool({claim.first, claim.second} & set(ENSEMBLES[family]))
                sides = shown[claim.first], shown[claim.second]
                entries[claim.pair] = compare_runs(actual, *sides, groups, paired, confidence)
        accuracy = {
            model: mean_accuracy(predicted == actual, groups, confidence)
            for model, predicted in shown.items()
        }
        found[part] = {"accuracy": accuracy, "claims": corrected(entries)}
    return found


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
    if paired:
        count = min(len(first), len(second))
        first, second = first[:count], second[:count]
    settings = groups, paired, confidence
    return mean_difference(first == actual, second == actual, *settings) | {
        "balanced": balanced_accuracy_difference(actual, first, second, *settings)
    }


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
