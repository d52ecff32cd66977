"""Trains one network of FER+'s benchmark on data/crops.npz and writes the files of its run."""

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score

from ferd.dataset.ferplus.faces import ferplus_faces
from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES
from ferd.networks.residual import multiply_adds
from ferd.study.base.results import write_json, write_table
from ferd.training.core.precision import choose_precision
from ferd.training.core.run_files import note_cost
from ferd.training.core.saving import save_model
from ferd.training.ferplus.teacher import load_teacher
from ferd.training.ferplus.train import train_ferplus
from ferd.training.recipes.train_recipe import predict_views

VIEWS = ("centre", "flip", "ten")


def run_ferplus(run, settings, cost, callbacks=()):
    """Trains a network and writes the files of its run.

    Args:
        run: Its name, the path below data/ and plots/.
        settings: Its recipe, merged.
        cost: The dict of `ferd.study.cost.measure_cost`.
        callbacks: As in `ferd.training.recipes.train_recipe.train_recipe`.
    """
    faces = ferplus_faces(settings.get("exclude_test_copies", False))
    print(f"training on {len(faces.train)} faces", flush=True)
    precision = choose_precision(settings["precision"])
    teacher = load_teacher(settings)
    training = train_ferplus(faces, settings, precision, teacher, callbacks)
    folder = f"data/{run}/results"
    tables = {
        part: {
            views: predictions(training.model, getattr(faces, part), settings, views)
            for views in VIEWS
        }
        for part in ("validation", "test")
    }
    save_model(training.model, f"data/{run}/model.keras")
    write_table(f"plots/{run}/history.csv", training.history)
    for part, by_views in tables.items():
        for views, table in by_views.items():
            write_table(f"{folder}/{part}_{views}.csv", table)
    write_json(f"{folder}/training.json", facts(training.model, faces, tables["validation"]))
    note_cost(training, cost)
    training.checkpoint.clear()


def write_nothing(run):
    """Writes the files of a run that trained nothing, because there are no votes."""
    write_json(f"data/{run}/results/training.json", {})
    write_table(f"plots/{run}/history.csv", pd.DataFrame(columns=["epoch", "val_accuracy"]))


def predictions(model, part, settings, views):
    """A row per face: name, majority label, predicted class and a probability per class.

    Args:
        model: A trained network.
        part: `FerplusPart` whose faces have a majority label.
        settings, views: As in `predict_views`.
    """
    probabilities = predict_views(model, part.images, settings, views)
    names = np.array(FERPLUS_CLASSES)
    columns = {"name": part.names, "actual": names[part.classes]}
    columns["predicted"] = names[probabilities.argmax(axis=1)]
    for index, name in enumerate(FERPLUS_CLASSES):
        columns[f"p_{name}"] = probabilities[:, index].astype("float64")
    return pd.DataFrame(columns)


def facts(model, faces, validation):
    """Size of a network, faces of each part, and accuracy on validation by its views."""
    return {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "faces": {part: len(getattr(faces, part)) for part in faces._fields},
        "validation": {
            views: {"accuracy": accuracy_score(table["actual"], table["predicted"])}
            for views, table in validation.items()
        },
    }
