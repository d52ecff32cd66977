"""Computes a trained network's 256 penultimate features of every cropped face.

The test images without a detected face are included whole, as "fallback". The ensembles predict
them too, separately from the detected faces.

Reads   data/crops.npz, data/<run>/model.keras; data/test_copies.csv for cosine_copies
Writes  data/features/<name>.npz (of train, test and fallback: features, class indices, names),
        metrics/details/extract.json and metrics/cost/extract.json (for train only)
Run     dvc repro extract                 the features of the network train
        dvc repro extract_variant@cosine  those of another network
        (or, from the top folder: python -m stages.extract [NAME [RUN [SECTION]]])
Takes   about 1 minute on 2 cores
Expect  21,599 train (of cosine_copies fewer), 5,334 test and 1,732 fallback rows of 256 numbers,
        none below 0 (outputs of a ReLU)
"""

from contextlib import nullcontext

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

FIRST = "train"


def main(name, run=None, section="train"):
    """Writes the features of train, test and fallback; of the network train also their counts."""
    from ferd.ensembles.features import write_features
    from ferd.ensembles.penultimate import feature_arrays
    from ferd.study.base.results import write_json
    from ferd.training.core.trained import load_trained

    network, settings = load_trained(run or name), load(section)
    with measure_cost("metrics/cost/extract.json") if name == FIRST else nullcontext():
        arrays = feature_arrays(network, settings, load("predict")["batch_size"])
        write_features(f"data/features/{name}.npz", arrays)
        if name == FIRST:
            write_json("metrics/details/extract.json", count(arrays))


def count(arrays):
    """Faces of each part, and how many features carry nothing.

    Args:
        arrays: From `ferd.ensembles.penultimate.feature_arrays`.
    """
    parts, features = ("train", "test", "fallback"), arrays["train_features"]
    return {
        **{part: {"faces": len(arrays[f"{part}_names"])} for part in parts},
        "features": features.shape[1],
        # A feature that is 0 for every face is a dead unit of the network.
        "dead_features": int((features.max(axis=0) == 0).sum()),
        "zero_share": float((features == 0).mean()),
    }


if __name__ == "__main__":
    stage.run(
        main,
        __doc__,
        {
            "name": {"nargs": "?", "default": FIRST, "help": "name of the features"},
            "run": {"nargs": "?", "help": "run of the network; by default the name"},
            "section": {
                "nargs": "?",
                "default": "train",
                "help": "section that may leave training faces out",
            },
        },
    )
