"""Trains one recipe on data/crops.npz and writes its network, predictions and metrics."""

import numpy as np

from ferd.classes import CLASSES
from ferd.networks.residual import multiply_adds
from ferd.scoring.evaluation import score_part
from ferd.scoring.scores import score
from ferd.study.results import prediction_table, write_metrics, write_table
from ferd.training.core.saving import save_model
from ferd.training.recipes.data import copy_groups, has_copy, recipe_faces, recipe_targets
from ferd.training.recipes.train_recipe import predict_views, train_recipe

VIEWS = ("centre", "flip", "ten")


def run_recipe(stage, settings, cost, scored="test", teacher=None):
    """Trains and scores a recipe's network and writes the stage's outputs.

    Every test-time augmentation is scored on validation, and the section's own one on test.

    Args:
        stage: The stage's name.
        settings: Its section.
        cost: The dict of `measure_cost`.
        scored: "test", or "validation" for a search, which must not use the test set.
        teacher: As in `ferd.training.recipes.train_recipe.train_recipe`.
    """
    from ferd.training.core.precision import choose_precision

    faces = recipe_faces(settings)
    print(f"training on {len(faces.train)} faces", flush=True)
    precision = choose_precision(settings["precision"])
    targets = recipe_targets(faces.train, settings)
    training = train_recipe(faces.train, targets, faces.validation, settings, precision, teacher)
    save_model(training.model, f"data/{stage}/model.keras")
    write_table(f"plots/{stage}/history.csv", training.history)
    metrics = {
        "parameters": training.model.count_params(),
        "multiply_adds": multiply_adds(training.model),
        "train_faces": len(faces.train),
        "validation": score_validation(training.model, faces.validation, settings),
    }
    shown = getattr(faces, scored)
    probabilities = predict_views(training.model, shown.images, settings, settings["views"])
    predicted = probabilities.argmax(axis=1)
    table = prediction_table(shown.names, shown.classes, predicted, probabilities)
    write_table(f"plots/{stage}/predictions.csv", table)
    if scored == "test":
        metrics["test"] = score_test(faces, predicted)
        metrics["classes"] = score(shown.classes, predicted, probabilities)
    write_metrics(f"metrics/{stage}.json", metrics)
    note_cost(training, cost)


def score_validation(model, faces, settings):
    """Accuracy and macro F1 of every test-time augmentation on validation faces."""
    found = {}
    for views in VIEWS:
        probabilities = predict_views(model, faces.images, settings, views)
        scores = score(faces.classes, probabilities.argmax(axis=1), probabilities)
        found[views] = {"accuracy": scores["accuracy"], "macro_f1": scores["macro"]["f1"]}
    return found


def score_test(faces, predicted, draws=2000, seed=2024):
    """Accuracy with its interval on all test faces, on those with a copy in train, and others."""
    actual, given = (np.array(CLASSES)[rows] for rows in (faces.test.classes, predicted))
    copied = has_copy(faces.test, faces.train)
    groups = copy_groups().loc[faces.test.names].to_numpy()
    parts = {"all": copied | True, "without_copy": ~copied, "with_copy": copied}
    return {
        part: score_part(actual[mask], given[mask], groups[mask], draws, seed)
        for part, mask in parts.items()
        if mask.any()
    }


def note_cost(training, cost):
    """Adds the training's time to the stage's cost and deletes its checkpoint."""
    cost["epochs"] = len(training.history)
    cost["resumed_at_epoch"] = training.checkpoint.resumed_at
    cost["training_seconds"] = training.checkpoint.seconds
    cost["precision"] = training.precision
    training.checkpoint.clear()
