"""Trains one recipe on JAX and scores it on validation; `score_gpu` scores the test set."""

import jax

from ferd.networks.residual import multiply_adds
from ferd.study.results import write_metrics, write_table
from ferd.training.core.saving import save_model
from ferd.training.jax.state import Predictor
from ferd.training.jax.train import choose_precision, train_on_device
from ferd.training.recipes.data import recipe_faces, recipe_targets
from ferd.training.recipes.outputs import score_validation


def train_stage(stage, settings, cost, teacher=None):
    """Trains a network and writes the outputs of a GPU stage.

    Args:
        stage: The stage's name.
        settings: Its section.
        cost: The dict of `measure_cost`; the device's name, training seconds and epochs are added.
        teacher: As in `ferd.training.recipes.train_recipe.train_recipe`.
    """
    faces = recipe_faces(settings)
    cost["precision"] = choose_precision(settings["precision"])
    cost["device"] = jax.devices()[0].device_kind
    print(f"training on {len(faces.train)} faces, on {cost['device']}", flush=True)
    targets = recipe_targets(faces.train, settings)
    model, history = train_on_device(faces.train, targets, faces.validation, settings, teacher)
    cost["epochs"], cost["training_seconds"] = len(history), float(history["seconds"].iloc[-1])
    save_model(model, f"data/{stage}/model.keras")
    write_table(f"plots/{stage}/history.csv", history.drop(columns="seconds"))
    metrics = {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "train_faces": len(faces.train),
        "validation": score_validation(Predictor(model), faces.validation, settings),
    }
    write_metrics(f"metrics/{stage}.json", metrics)
