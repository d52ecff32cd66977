"""Splits the training faces into folds for cross-validation, and checks what SMOTE needs.

Reference:
    - [SMOTE: Synthetic Minority Over-sampling Technique](https://arxiv.org/abs/1106.1813)
"""

from itertools import islice

from ferd.classes import CLASSES

SMOTE_NEIGHBOURS = 5  # imbalanced-learn's default, which PyCaret keeps
HELD_OUT_SHARE = 0.2  # of train, if a single split replaces cross-validation


class GroupedFolds:
    """Stratified folds with the copies of a picture on one side, for PyCaret.

    PyCaret hands no groups to a splitter, so this one holds those of the training faces.

    Args:
        groups: Integers, shape `(faces,)`, in the order of the training faces.
        folds: As in `splitter`.
    """

    def __init__(self, groups, folds):
        self.groups, self.folds = groups, folds

    def split(self, X, y, groups=None):
        """Yields the rows of each training part and of its held-out part."""
        from sklearn.model_selection import StratifiedGroupKFold

        parts = self.folds if self.folds > 1 else round(1 / HELD_OUT_SHARE)
        # Not shuffled, because scikit-learn 1.4.2's shuffle ignores the classes (issue 32478).
        found = StratifiedGroupKFold(parts).split(X, y, self.groups)
        yield from islice(found, self.folds)

    def get_n_splits(self, X=None, y=None, groups=None):
        """The number of folds."""
        return self.folds


def splitter(folds, seed, groups=None):
    """The cross-validation for `folds`; for 1 a single stratified held-out fifth of train.

    A blend or stack of slow models costs minutes per fit; one held-out fifth scores it for 0.8 of
    a fit, where PyCaret's 10 folds take 9.

    Args:
        folds: Their number.
        seed: Of the split; with `groups` the split does not depend on it.
        groups: As in `GroupedFolds`; None splits face by face.
    """
    from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

    if groups is not None:
        return GroupedFolds(groups, folds)
    if folds == 1:
        return StratifiedShuffleSplit(1, test_size=HELD_OUT_SHARE, random_state=seed)
    return StratifiedKFold(folds, shuffle=True, random_state=seed)


def check_counts(classes, fix_imbalance, folds, seed, inner_folds=1, groups=None):
    """Stops before any fit if a fit would fail later for lack of faces.

    Args:
        classes: Class indices of the training faces.
        fix_imbalance: Whether SMOTE runs. Each synthetic face lies between a face and one of its 5
            nearest of the same class, so each training fold needs at least 6.
        folds: As in `splitter`.
        seed: Seed of the splits.
        inner_folds: Folds inside a stack; they split what SMOTE gives.
        groups: As in `splitter`.

    Raises:
        SystemExit: With the class, its count and what to do.
    """
    import numpy as np

    counts = np.bincount(classes, minlength=len(CLASSES))
    absent = [CLASSES[index] for index in np.flatnonzero(counts == 0)]
    if absent:
        raise SystemExit(f"train has no face of class {', '.join(absent)}: add images of it")
    # Each held-out part must hold every class.
    least = folds if folds > 1 else round(1 / HELD_OUT_SHARE)
    if counts.min() < least:
        _refuse(counts, counts, f"splitting off the faces to score needs {least}", "fewer folds")
    splits = splitter(folds, seed, groups).split(np.zeros(len(classes)), classes)
    kept = np.min([np.bincount(np.asarray(classes)[train]) for train, _ in splits], axis=0)
    if fix_imbalance and kept.min() <= SMOTE_NEIGHBOURS:
        need = f"SMOTE with {SMOTE_NEIGHBOURS} neighbours needs {SMOTE_NEIGHBOURS + 1}"
        _refuse(counts, kept, need, "fix_imbalance: false")
    if (kept.max() if fix_imbalance else kept.min()) < inner_folds:
        _refuse(counts, kept, f"{inner_folds} inner folds need {inner_folds}", "fewer inner_folds")


def checked_fold(faces, settings, inner_folds=1):
    """The cross-validation of a fit, after `check_counts`.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: Dict of `folds`, `seed` and `fix_imbalance`.
        inner_folds: As in `check_counts`.

    Raises:
        SystemExit: As `check_counts`.
    """
    folds, seed, groups = settings["folds"], settings["seed"], faces.train_groups
    check_counts(faces.train["target"], settings["fix_imbalance"], folds, seed, inner_folds, groups)
    return splitter(folds, seed, groups)


def _refuse(counts, kept, need, remedy):
    index = int(kept.argmin())
    raise SystemExit(
        f"class {CLASSES[index]} has {counts[index]} training faces, {kept[index]} in the smallest "
        f"training part: {need}. Add images of it or set {remedy} in params.yaml"
    )
