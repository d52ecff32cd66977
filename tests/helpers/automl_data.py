"""Small synthetic features for the AutoML tests: seven overlapping blobs, each its own size."""

import gc
import os

import numpy as np
import yaml
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ferd.classes import CLASSES
from ferd.ensembles.features import read_features
from ferd.ensembles.pycaret_experiment import build

TRAIN_COUNTS = (30, 20, 28, 40, 32, 26, 24)
TEST_COUNTS = (6, 5, 6, 8, 6, 6, 5)
VOTING = {
    "seed": 3,
    "models": ["et", "ridge", "lda"],
    "fix_imbalance": True,
    "methods": ["hard", "soft"],
    "folds": 1,
}
STACKING = {
    "seed": 3,
    "models": ["lda", "nb"],
    "meta_model": "et",
    "inner_folds": 2,
    "folds": 1,
    "fix_imbalance": True,
    "passthrough": False,
}
COMPARE = {
    "seed": 3,
    "models": ["ridge", "et", "lda"],
    "fix_imbalance": True,
    "folds": 2,
    "tune": False,
    "tune_iterations": 2,
    "tune_minutes": 1.0,
}
SEED = 3


class Recorder(ClassifierMixin, BaseEstimator):
    """An LDA that records the rows it is fitted on and predicts."""

    fits = ()
    asked = ()

    def fit(self, X, y):
        Recorder.fits += ((np.asarray(X), np.asarray(y)),)
        self.inner_ = LinearDiscriminantAnalysis().fit(X, y)
        self.classes_ = self.inner_.classes_
        return self

    def predict(self, X):
        Recorder.asked += (np.asarray(X),)
        return self.inner_.predict(X)

    def predict_proba(self, X):
        return self.inner_.predict_proba(X)


def make_arrays(train_counts=TRAIN_COUNTS, test_counts=TEST_COUNTS, columns=8, seed=0):
    """Arrays of data/features.npz; the fallback has two images of each class."""
    generator = np.random.default_rng(seed)
    centers = 1.5 * generator.normal(size=(len(CLASSES), columns))
    arrays = {}
    parts = {"train": train_counts, "test": test_counts, "fallback": (2,) * len(CLASSES)}
    for split, counts in parts.items():
        classes = np.repeat(np.arange(len(CLASSES)), counts)
        noise = generator.normal(size=(len(classes), columns))
        arrays[f"{split}_features"] = (centers[classes] + noise).astype("float32")
        arrays[f"{split}_classes"] = classes
        arrays[f"{split}_names"] = np.array(
            [f"{split}/{CLASSES[index]}/{number}" for number, index in enumerate(classes)]
        )
    return arrays


def write_project(folder, arrays=None, **sections):
    """Writes data/features.npz and params.yaml below `folder`."""
    (folder / "data").mkdir(exist_ok=True)
    np.savez(folder / "data" / "features.npz", **(arrays or make_arrays()))
    (folder / "params.yaml").write_text(yaml.safe_dump(sections))


def load_pycaret():
    """Imports PyCaret and takes what it loaded out of the garbage collector's rounds.

    PyCaret has the whole heap searched for garbage after every fit, which takes longer than a fit
    on these blobs.
    """
    os.environ.setdefault("PYCARET_CUSTOM_LOGGING_PATH", os.devnull)
    import pycaret.classification  # noqa: F401

    gc.freeze()


def read(arrays):
    """Writes features.npz in the working folder and reads it."""
    np.savez("features.npz", **arrays)
    return read_features("features.npz")


def rows(table):
    """The rows of a table as a set, to look for one in another table."""
    return {row.tobytes() for row in np.asarray(table, "float32")}


def few(experiment, names=("et", "lda", "ridge")):
    """Unfitted models, Extra Trees with 10 trees."""
    return build(experiment, names, {"et": {"n_estimators": 10}})
