"""Scores every model on every part of the test set, with intervals."""

import pandas as pd
from sklearn.metrics import f1_score

from ferd.classes import CLASSES
from ferd.scoring.uncertainty import accuracy_interval


def read_audit(path="data/audit.csv"):
    """The test rows of data/audit.csv, indexed by the name the predictions use."""
    table = pd.read_csv(path, dtype={"name": str})
    table.index = table["split"] + "/" + table["class"] + "/" + table["name"]
    return table[table["split"] == "test"]


def parts_of(audit):
    """Masks of the parts of the test set on which every model is scored.

    Args:
        audit: The test rows of data/audit.csv.

    Returns:
        Dict of part to bool, shape `(images,)`: `detected` (the paper's test set), of these
        `without_copy` and `with_copy` (an exact or near copy in train; `exact_copy`: an exact one;
        `copy_other_label`: one with another label; `without_any_copy`: no shifted copy either);
        `not_detected`, `all` and `all_without_copy`; with FER+'s votes, the
        detected by the number of votes for the top class, of ten: `votes_up_to_5`, `votes_6_to_8`,
        `votes_9_to_10`.
    """
    found, copy = audit["found"] == 1, audit["copy"] != "none"
    parts = {
        "detected": found,
        "without_copy": found & ~copy,
        "without_any_copy": found & ~copy & (audit["shifted_copy"] == 0),
        "with_copy": found & copy,
        "exact_copy": found & (audit["copy"] == "exact"),
        "copy_other_label": found & copy & (audit["copy_other_label"] == 1),
        "not_detected": ~found,
        "all": found | True,
        "all_without_copy": ~copy,
    }
    if "ferplus_votes" in audit:
        for low, high in ((0, 5), (6, 8), (9, 10)):
            name = f"votes_{low}_to_{high}" if low else f"votes_up_to_{high}"
            parts[name] = found & audit["ferplus_votes"].between(low, high)
    return {name: mask.to_numpy() for name, mask in parts.items()}


def evaluate(audit, answers, draws, seed):
    """Scores every model on every part that has images.

    Args:
        audit: The test rows of data/audit.csv, in the order of `answers`.
        answers: DataFrame of `ferd.scoring.predictions.gather_predictions`.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of model to dict of part to `faces`, `accuracy`, `low`, `high` (95% bootstrap interval
        by groups of copies) and `macro_f1`. The part `ferplus` has the detected faces for which
        more than half of the annotators chose one of the seven classes, scored by that class.
    """
    labels, groups = audit["class"].to_numpy(), audit["copy_group"].to_numpy()
    sets = {name: (mask, labels) for name, mask in parts_of(audit).items()}
    if "ferplus_majority" in audit:
        majority = audit["ferplus_majority"].fillna("").to_numpy()
        sets["ferplus"] = (sets["detected"][0] & (majority != ""), majority)
    results = {}
    for model in answers:
        given = answers[model].to_numpy()
        results[model] = {
            part: score_part(actual[mask], given[mask], groups[mask], draws, seed)
            for part, (mask, actual) in sets.items()
            if mask.any()
        }
    return results


def score_part(actual, given, groups, draws, seed):
    """Accuracy with its interval, and macro F1, of one model on one part."""
    right = actual == given
    low, high = accuracy_interval(right, groups, draws, seed)
    macro = f1_score(actual, given, labels=CLASSES, average="macro", zero_division=0)
    scores = {"faces": len(actual), "accuracy": float(right.mean()), "low": low, "high": high}
    return {**scores, "macro_f1": float(macro)}
