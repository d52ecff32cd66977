"""Trains one recipe on JAX and scores it on validation; `score_gpu` scores the test set."""

import jax

from ferd.jax_state import Predictor
from ferd.jax_training import choose_precision, train_on_device
from ferd.recipe_data import recipe_faces, recipe_targets
from ferd.recipe_stage import score_validation
from ferd.residual_network import multiply_adds
from ferd.results import write_metrics, write_table
from ferd.saving import save_model


def train_stage(stage, settings, cost, teacher=None):
    """Trains a network and writes the outputs of a GPU stage.

    Args:
        stage: The stage's name.
        settings: Its section.
        cost: The dict of `measure_cost`; the device's name, training seconds and epochs are added.
        teacher: As in `ferd.recipe.train_recipe`.
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
