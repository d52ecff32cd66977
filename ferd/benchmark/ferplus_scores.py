"""Scores predictions of FER+'s benchmark: eight classes, labels by annotators."""

import numpy as np
import pandas as pd
from sklearn import metrics

from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES, majority_classes
from ferd.dataset.parts.official_split import row_numbers
from ferd.scoring.copy_effect import parts_by_copy
from ferd.scoring.tables import whole_parts
from ferd.scoring.uncertainty import accuracy_interval

LABELS = list(FERPLUS_CLASSES)


def benchmark_table(table, votes):
    """The faces of a table that the benchmark scores, with its labels.

    Args:
        table: DataFrame of `ferd.study.base.results.prediction_table`, of images of FER2013.
        votes: From `ferd.dataset.ferplus.protocol.read_counted_votes`.

    Returns:
        The rows with a majority label, which is their `actual`.

    Raises:
        SystemExit: As `ferd.dataset.parts.official_split.row_numbers`.
    """
    classes = majority_classes(votes.loc[row_numbers(table["name"])])
    labelled = table.assign(actual=np.array(LABELS)[classes])
    return labelled[classes >= 0].reset_index(drop=True)


def private_test_scores(table, groups, draws, seed):
    """Scores on PrivateTest, on all its faces and on those with and without a copy in Training.

    Args:
        table: DataFrame with the columns `name`, `actual` and `predicted`.
        groups: Series of image name to the number of its group of copies.
        draws: Bootstrap samples.
        seed: Seeds them.

    Returns:
        Dict of `all`, `without_copy` and `with_copy` to `part_scores`; a part without faces is
        left out.
    """
    parts = parts_by_copy(table["name"], "official", groups)
    return {
        part: part_scores(table[rows], groups, draws, seed)
        for part, rows in whole_parts(table["name"], parts)
    }


def part_scores(table, groups, draws, seed):
    """Scores of one part.

    Args:
        table: As in `private_test_scores`.
        groups: As in `private_test_scores`.
        draws: Bootstrap samples.
        seed: Seeds them.

    Returns:
        Dict: `faces`, `accuracy`, `low` and `high` (95% bootstrap interval by groups of copies),
        `balanced_accuracy` (mean recall of the classes that the part has), `macro_f1` and
        `per_class` (precision, recall, support).
    """
    right = (table["actual"] == table["predicted"]).to_numpy()
    members = groups.loc[table["name"]].to_numpy()
    low, high = accuracy_interval(right, members, draws, seed)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        table["actual"], table["predicted"], labels=LABELS, zero_division=0
    )
    columns = zip(LABELS, precision, recall, support, strict=True)
    return {
        "faces": len(table),
        "accuracy": float(right.mean()),
        "low": low,
        "high": high,
        "balanced_accuracy": float(recall[support > 0].mean()),
        "macro_f1": float(f1[support > 0].mean()),
        "per_class": {
            name: {"precision": float(p), "recall": float(r), "support": int(count)}
            for name, p, r, count in columns
        },
    }


def confusion_counts(table):
    """A row per pair of classes: `actual`, `predicted`, `faces`.

    Args:
        table: As in `private_test_scores`.
    """
    pairs = pd.MultiIndex.from_product([LABELS, LABELS], names=["actual", "predicted"])
    counts = table.groupby(["actual", "predicted"]).size()
    return counts.reindex(pairs, fill_value=0).rename("faces").reset_index()
