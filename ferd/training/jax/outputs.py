"""Trains one recipe on JAX and writes the files of its run; `score_gpu` scores the test set."""

import jax

from ferd.study.base.results import write_json, write_table
from ferd.training.core.saving import save_model
from ferd.training.jax.state import Predictor
from ferd.training.jax.train import choose_precision, train_on_device
from ferd.training.recipes.data import recipe_faces, recipe_targets
from ferd.training.recipes.outputs import recipe_facts


def run_on_gpu(run, settings, cost, teacher=None):
    """Trains a network and writes the files of its run.

    Args:
        run: The run's name.
        settings: Its recipe, merged.
        cost: The dict of `ferd.study.cost.measure_cost`; the device's name, training seconds and
            epochs are added.
        teacher: As in `ferd.training.jax.train.train_on_device`.
    """
    faces = recipe_faces(settings)
    cost["precision"] = choose_precision(settings["precision"])
    cost["device"] = jax.devices()[0].device_kind
    print(f"training on {len(faces.train)} faces, on {cost['device']}", flush=True)
    targets = recipe_targets(faces.train, settings)
    model, history = train_on_device(faces.train, targets, faces.validation, settings, teacher)
    cost["epochs"], cost["training_seconds"] = len(history), float(history["seconds"].iloc[-1])
    save_model(model, f"data/{run}/model.keras")
    write_table(f"plots/{run}/history.csv", history.drop(columns="seconds"))
    facts = recipe_facts(Predictor(model), faces, settings, model)
    write_json(f"metrics/gpu/details/{run}.json", facts)
