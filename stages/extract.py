"""Computes a trained network's 256 penultimate features of every cropped face.

The test images without a detected face are included whole, as "fallback". The ensembles predict
them too, separately from the detected faces.

Reads   data/crops.npz, data/<run>/model.keras; data/test_copies.csv for cosine_copies
Writes  data/features/<run>.npz (of train, test and fallback: features, class indices, names),
        metrics/details/extract.json and metrics/cost/extract.json (for cosine only)
Run     dvc repro extract         (or, from the top folder: python -m stages.extract)
        dvc repro extract_copies  (or: python -m stages.extract cosine_copies)
Takes   about 1 minute on 2 cores
Expect  21,599 train, 5,334 test and 1,732 fallback rows of 256 numbers, none below 0 (outputs of
        a ReLU)
"""

from contextlib import nullcontext

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load

RUNS = ("cosine", "cosine_copies")


def main(run):
    """Writes the features of train, test and fallback; of the paper's network also their counts."""
    from ferd.ensembles.features import write_features
    from ferd.ensembles.penultimate import feature_arrays
    from ferd.study.base.results import write_json
    from ferd.training.core.trained import load_trained

    settings = {} if run == "cosine" else load(run)
    with measure_cost("metrics/cost/extract.json") if run == "cosine" else nullcontext():
        arrays = feature_arrays(load_trained(run), settings, load("predict")["batch_size"])
        write_features(f"data/features/{run}.npz", arrays)
        if run == "cosine":
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
    stage.run(main, __doc__, {"run": {"nargs": "?", "default": "cosine", "choices": RUNS}})
