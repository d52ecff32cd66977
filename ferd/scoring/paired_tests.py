"""Tests pairs of models on the same faces of the paper's test set."""

import pandas as pd

from ferd.scoring.evaluation import parts_of
from ferd.scoring.networks import NETWORKS
from ferd.scoring.predictions import ENSEMBLES
from ferd.scoring.uncertainty import compare_pairs

# Pairs of models to compare; the difference is the first's accuracy minus the second's.
PAIRS = (
    ("soft vote", "cnn"),
    ("stack", "cnn"),
    ("stack", "soft vote"),
    ("et on features", "cnn"),
    ("cnn, flip averaging", "cnn"),
    ("soft vote", "cnn, flip averaging"),
    ("stack", "cnn, flip averaging"),
    ("cnn", "cnn, whole images"),
    ("cnn, CBAM", "cnn"),
    ("cnn, differential augmentation", "cnn"),
    ("cnn, float32", "cnn"),
    ("et, no copies", "cnn"),
    ("soft vote, no copies", "cnn"),
    ("stack, no copies", "cnn"),
    ("cnn, no copies at all", "cnn"),
    ("et, no copies at all", "cnn, no copies at all"),
    ("soft vote, no copies at all", "cnn, no copies at all"),
    ("stack, no copies at all", "cnn, no copies at all"),
    ("soft vote, unseen faces", "cnn"),
    ("stack, unseen faces", "cnn"),
    ("stack, unseen faces", "soft vote, unseen faces"),
    ("soft vote, unseen faces", "soft vote, as many seen"),
    ("soft vote", "soft vote, no SMOTE"),
    ("stack", "stack, no SMOTE"),
)
PARTS = ("detected", "without_copy", "without_any_copy", "with_copy")
# The committed table of each model, without plots/ and the suffix.
TABLES = {
    **{name: f"{network.stage}/predictions" for name, network in NETWORKS.items()},
    "cnn, flip averaging": "flip_averaging/predictions",
    "et on features": "cosine_compare/predictions_et",
    **{name: f"{stage}/predictions{which}" for name, (stage, which) in ENSEMBLES.items()},
}


def read_predictions(names, folder="plots"):
    """One column per model of `PAIRS`: the class it predicts for each image.

    Args:
        names: Names of the images, all of which every table has. Others are left out: the network
            of whole images predicts for those without a detected face too.
        folder: Where the stages' tables are.

    Returns:
        DataFrame indexed by name, of class names.

    Raises:
        KeyError: If a table lacks an image.
    """
    models = dict.fromkeys(name for pair in PAIRS for name in pair)
    found = {}
    for model in models:
        table = pd.read_csv(f"{folder}/{TABLES[model]}.csv", index_col="name")
        found[model] = table.loc[names, "predicted"]
    return pd.DataFrame(found)


def paired_tests(audit, predictions, draws, seed):
    """Tests of `PAIRS`, with Holm's correction within each part.

    Args:
        audit: The rows of data/audit.csv of the detected test faces, in the order of `predictions`.
        predictions: DataFrame with a column per model; pairs of others are left out.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict of part, one of `PARTS` that has faces, to what
        `ferd.scoring.uncertainty.compare_pairs` gives.
    """
    labels, groups = audit["class"].to_numpy(), audit["copy_group"].to_numpy()
    pairs = [pair for pair in PAIRS if set(pair) <= set(predictions)]
    parts, results = parts_of(audit), {}
    for part in PARTS:
        mask = parts[part]
        if mask.any():
            right = {name: (predictions[name].to_numpy() == labels)[mask] for name in predictions}
            results[part] = compare_pairs(right, groups[mask], pairs, draws, seed)
    return results
