"""The area under the ROC curve of seven classes, for PyCaret and for the scores."""

import numpy as np
from sklearn import metrics

from ferd.classes import CLASSES


def weighted_auc(actual, probabilities):
    """One-vs-rest ROC AUC, averaged with each class's support as weight.

    Computed class by class, because scikit-learn's multi-class version refuses a set without faces
    of one of the seven classes, such as small demos and users' own sets.
    """
    present = [index for index in range(len(CLASSES)) if 0 < np.sum(actual == index) < len(actual)]
    if not present:
        raise ValueError("AUC needs faces of at least two classes")
    areas = [metrics.roc_auc_score(actual == index, probabilities[:, index]) for index in present]
    return float(np.average(areas, weights=[np.sum(actual == index) for index in present]))
