"""Small synthetic features for the AutoML tests: seven overlapping blobs, each its own size."""

import gc
import os

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ferd.classes import CLASSES
from ferd.ensembles.features import read_features
from ferd.ensembles.pycaret_experiment import build
from tests.helpers.small_study import write_audit, write_params

TRAIN_COUNTS = (30, 20, 28, 40, 32, 26, 24)
TEST_COUNTS = (6, 5, 6, 8, 6, 6, 5)
# Values of the sections of params.yaml.
SECTIONS = {
    "automl": {"seed": 3, "tune": False, "fold_groups": "none"},
    "automl_compare": {
        **{"models": ["ridge", "et", "lda"], "folds": 2},
        **{"tune_iterations": 2, "tune_minutes": 1.0, "tune_models": ["lda", "et"]},
    },
    "automl_voting": {"models": ["et", "ridge", "lda"]},
    "automl_stacking": {"models": ["lda", "nb"], "inner_folds": 2},
    "few_faces": {"folds": 2},
}
NAMES = (*SECTIONS, "ablation_smote", "cosine_automl")
# The merged settings of a fit.
_AUTOML = {**SECTIONS["automl"], "fix_imbalance": True, "folds": 1}
COMPARE = {**_AUTOML, **SECTIONS["automl_compare"]}
STACKING = {
    **_AUTOML,
    **SECTIONS["automl_stacking"],
    "meta_model": "et",
    "passthrough": False,
}
VOTING = {**_AUTOML, **SECTIONS["automl_voting"], "methods": ["hard", "soft"]}
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
    """Arrays of data/features/train.npz; the fallback has two images of each class."""
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


def write_project(folder, changes, **features):
    """Writes params.yaml, data/audit.csv and archives of features below `folder`.

    Args:
        folder: The working folder.
        changes: Dict of section to values that differ from those in `SECTIONS`.
        **features: Arrays, by the archive's name in data/features/.
    """
    write_params(**{name: SECTIONS.get(name, {}) | changes.get(name, {}) for name in NAMES})
    (folder / "data/features").mkdir(parents=True, exist_ok=True)
    for name, arrays in features.items():
        np.savez(folder / f"data/features/{name}.npz", **arrays)
    first = next(iter(features.values()))
    names = [*first["test_names"], *first["fallback_names"]]
    found = [True] * len(first["test_names"]) + [False] * len(first["fallback_names"])
    write_audit(names, found, set(names[::4]))


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
