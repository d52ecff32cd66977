"""Gathers every model's prediction for every test image from the stages' files."""

from pathlib import Path

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.scoring.networks import NETWORKS

# The ensembles: name of a model, its stage and the table of its predictions.
ENSEMBLES = {
    "hard vote": ("cosine_voting", "_hard"),
    "soft vote": ("cosine_voting", "_soft"),
    "stack": ("cosine_stacking", "_stack"),
    "hard vote, no SMOTE": ("cosine_smote", "_hard"),
    "soft vote, no SMOTE": ("cosine_smote", "_soft"),
    "stack, no SMOTE": ("cosine_smote", "_stack"),
    # Fitted without copies of test images, on the features of `cnn` and of `cnn, no copies`.
    "et, no copies": ("cosine_copies_automl", "_ensembles_only_et"),
    "soft vote, no copies": ("cosine_copies_automl", "_ensembles_only_soft"),
    "stack, no copies": ("cosine_copies_automl", "_ensembles_only_stack"),
    "et, no copies at all": ("cosine_copies_automl", "_network_too_et"),
    "soft vote, no copies at all": ("cosine_copies_automl", "_network_too_soft"),
    "stack, no copies at all": ("cosine_copies_automl", "_network_too_stack"),
    # Fitted on faces that the network was not trained on, and on as many that it was trained on.
    "soft vote, unseen faces": ("cosine_unseen", "_unseen_soft"),
    "stack, unseen faces": ("cosine_unseen", "_unseen_stack"),
    "soft vote, as many seen": ("cosine_unseen", "_seen_soft"),
    "stack, as many seen": ("cosine_unseen", "_seen_stack"),
}


def network_probabilities(path="data/probabilities.npz"):
    """Probabilities of each network for all test images, without and with flip averaging.

    Returns:
        Names of the images, and dict of model to float64, shape `(images, 7)`.
    """
    found = {}
    with np.load(path) as file:
        names = file["test_names"]
        for name, (stage, _) in NETWORKS.items():
            plain, mirrored = (file[f"{stage}_{kind}"] for kind in ("test", "mirrored"))
            found[name] = plain.astype("float64")
            found[f"{name}, flip averaging"] = (plain.astype("float64") + mirrored) / 2
    return names, found


def gather_predictions(names, probabilities, folder="plots"):
    """One column per model: the class it predicts for each test image.

    Args:
        names: Names of the test images, shape `(images,)`.
        probabilities: Dict of network to its probabilities for these images, from
            `network_probabilities`.
        folder: Where the stages' tables are.

    Returns:
        DataFrame indexed by name: class names, a column per network, per single model on its
        features (`et on features`, ...) and per ensemble.

    Raises:
        SystemExit: If a table lacks an image.
    """
    classes = np.array(CLASSES)
    predictions = pd.DataFrame(index=pd.Index(names, name="name"))
    for name, values in probabilities.items():
        predictions[name] = classes[values.argmax(axis=1)]
    for path in sorted(Path(folder, "cosine_compare").glob("predictions_*.csv")):
        name = path.stem.removeprefix("predictions_")
        tables = [f"predictions_{name}", f"fallback_{name}"]
        single = read_rows(folder, "cosine_compare", tables, names)
        predictions[f"{name} on features"] = single["predicted"]
    for name, (stage, which) in ENSEMBLES.items():
        tables = [f"predictions{which}", f"fallback{which}"]
        predictions[name] = read_rows(folder, stage, tables, names)["predicted"]
    return predictions


def read_rows(folder, stage, tables, names):
    """The rows of a stage's tables in the order of `names`."""
    rows = pd.concat(pd.read_csv(f"{folder}/{stage}/{table}.csv") for table in tables)
    rows = rows.set_index("name")
    missing = [name for name in names if name not in rows.index]
    if missing:
        raise SystemExit(f"plots/{stage} lacks {missing[0]}: run dvc repro score_ensembles")
    return rows.loc[names]
