"""Lists the runs by the paper's settings, by ours, and of `improved`; reads what they predict."""

from pathlib import Path

import numpy as np
import pandas as pd

from ferd.classes import CLASSES

# The networks of each family, by run. A run may be repeated from other seeds.
NETWORKS = {
    "letter": {
        "cnn": "train",
        "cnn, whole images": "ablation_uncropped",
        "cnn, CBAM": "ablation_cbam",
        "cnn, differential augmentation": "ablation_augment",
        "cnn, all classes augmented": "ablation_augment_all",
        "cnn, square-root class weights": "sqrt_weights",
        # Between both families: its weights are the paper's, the rest is ours.
        "cnn, cosine and balanced class weights": "cosine_balanced",
    },
    "cosine": {
        "cnn": "cosine",
        "cnn, whole images": "cosine_uncropped",
        "cnn, CBAM": "cosine_cbam",
        "cnn, differential augmentation": "cosine_augment",
        "cnn, balanced class weights": "cosine_balanced",
    },
    "improved": {"improved": "improved"},
}
# Each family's own network, and the pairs of them that are compared.
MAIN = {family: next(iter(models)) for family, models in NETWORKS.items()}
COMPARED = (("letter", "cosine"), ("improved", "letter"), ("improved", "cosine"))
# The ensembles of each family, on the features of its first CNN: run and table. A run may be
# repeated on the features of the CNN's other seeds.
ENSEMBLES = {
    "letter": {
        "soft vote": "automl_voting/predictions_soft",
        "stack": "automl_stacking/predictions_stack",
        "soft vote, no SMOTE": "ablation_smote/predictions_soft",
        "stack, no SMOTE": "ablation_smote/predictions_stack",
    },
    "cosine": {
        "soft vote": "cosine_voting/predictions_soft",
        "stack": "cosine_stacking/predictions_stack",
        "soft vote, no SMOTE": "cosine_smote/predictions_soft",
        "stack, no SMOTE": "cosine_smote/predictions_stack",
    },
    "improved": {},
}


def tables_of(family, written):
    """The tables of a family's models that the stages write.

    Args:
        family: Of `NETWORKS`.
        written: From `ferd.study.pipeline.written_by`, of the folder `plots`.

    Returns:
        Dict of model to its tables, the first seed's first, without `plots/` and `.csv`.
    """
    written = [Path(path) for path in written]
    runs = [path.parent for path in written if path.name == "predictions.csv"]
    names = [path.relative_to("plots").as_posix() for path in runs]
    tables = {}
    for model, run in NETWORKS[family].items():
        repeats = [name for name in names if name.rsplit("_", 1)[0] == f"replicate/{run}"]
        # A recipe has a folder, with one run for each seed.
        own = [name for name in names if name == run or name.startswith(f"{run}/")]
        if own:
            tables[model] = [f"{name}/predictions" for name in (*own, *repeats)]
    folders = [path.relative_to("plots").as_posix() for path in written]
    for model, table in ENSEMBLES[family].items():
        run, name = table.split("/")
        repeats = [one for one in folders if one.rsplit("_", 1)[0] == f"replicate/{run}"]
        if run in folders:
            tables[model] = [f"{one}/{name}" for one in (run, *repeats)]
    return tables


def read_runs(tables, names, folder="plots"):
    """What each model predicts for some images.

    Args:
        tables: From `tables_of`.
        names: Names of the images, all of which every table has.
        folder: Where the tables are.

    Returns:
        Dict of model to class indices, shape `(seeds, images)`.

    Raises:
        KeyError: If a table lacks an image.
    """
    found = {}
    for model, paths in tables.items():
        rows = [pd.read_csv(f"{folder}/{path}.csv", index_col="name") for path in paths]
        rows = [pd.Index(CLASSES).get_indexer(one.loc[names, "predicted"]) for one in rows]
        found[model] = np.stack(rows)
    return found
