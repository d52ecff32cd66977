"""Results of trainings and fits that never ran: random predictions, and what they score."""

import numpy as np
import pandas as pd
from sklearn import metrics

from ferd.classes import CLASSES
from ferd.study.base.results import prediction_table, write_json, write_table
from tests.helpers.small_study import write_audit, write_params

FACES = 60
COLUMNS = [f"p_{name}" for name in CLASSES]
CNN = {"parameters": 5, "best_epoch": 3, "validation": {"faces": 9, "accuracy": 0.625}}
RECIPE = {
    **{"parameters": 7, "multiply_adds": 11, "train_faces": 13},
    "validation": {views: {"accuracy": 0.5, "macro_f1": 0.25} for views in ("centre", "flip")},
}
FIT = {"members": 3, "cross_validated": {"folds": 1, "accuracy": 0.75}}


def predictions(seed, found=True, known=True):
    """Table of random predictions, right for a half of the images or so."""
    generator = np.random.default_rng(seed)
    actual = np.arange(FACES) % len(CLASSES)
    probabilities = generator.dirichlet(np.full(len(CLASSES), 0.3), FACES)
    probabilities[np.arange(FACES), actual] += 0.4
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    kind = "face" if found else "other"
    names = [f"test/{CLASSES[label]}/{kind}{row}" for row, label in enumerate(actual)]
    predicted = probabilities.argmax(axis=1)
    return prediction_table(names, actual, predicted, probabilities if known else None)


def write_study():
    """params.yaml, and data/audit.csv of detected and other images, every fifth with a copy."""
    write_params()
    faces, others = (predictions(1, found)["name"] for found in (True, False))
    names = [*faces, *others]
    write_audit(names, [name in set(faces) for name in names], set(names[::5]))


def write_cost(folder):
    write_json(f"{folder}/cost.json", {"seconds": 1.5, "machine": "small"})


def write_training(run, facts, *tables):
    """The results of a training."""
    folder = f"data/{run}/results"
    write_table(f"{folder}/predictions.csv", pd.concat(tables))
    write_json(f"{folder}/training.json", facts)
    write_cost(folder)
    return pd.concat(tables)


def write_fit(run, **models):
    """The results of a fit: by model the tables of detected and of other images."""
    for model, (faces, others) in models.items():
        write_table(f"data/{run}/predictions_{model}.csv", faces)
        write_table(f"data/{run}/fallback_{model}.csv", others)
    write_json(f"data/{run}/fit.json", dict.fromkeys(models, FIT))
    write_cost(f"data/{run}")


def expected(table):
    """The scores of the row that need predictions alone, by scikit-learn from the file's text."""
    actual, given = table["actual"], table["predicted"]
    labels, options = list(CLASSES), {"average": "macro", "zero_division": 0}
    found = {
        "faces": len(table),
        "accuracy": metrics.accuracy_score(actual, given),
        "balanced_accuracy": metrics.recall_score(actual, given, labels=labels, **options),
        "macro_f1": metrics.f1_score(actual, given, labels=labels, **options),
        "kappa": metrics.cohen_kappa_score(actual, given),
        "mcc": metrics.matthews_corrcoef(actual, given),
    }
    if COLUMNS[0] in table:
        order = np.argsort(labels)  # scikit-learn takes the columns in the order of sorted labels
        values = table[COLUMNS].to_numpy()[:, order]
        values /= values.sum(axis=1, keepdims=True)  # six digits do not add up to 1
        options = {"multi_class": "ovr", "average": "weighted"}
        found["auc"] = metrics.roc_auc_score(actual, values, **options)
    return found


def without_copies(table):
    """Accuracy on the images without a copy."""
    rows = pd.read_csv("data/audit.csv", index_col=["split", "class", "name"])
    alone = [rows.loc[tuple(name.split("/")), "copy"] == "none" for name in table["name"]]
    assert 0 < sum(alone) < len(table)
    return (table["actual"] == table["predicted"])[alone].mean()
