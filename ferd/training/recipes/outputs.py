"""Trains one recipe on data/crops.npz and writes the files of its run."""

from ferd.networks.residual import multiply_adds
from ferd.training.core.precision import choose_precision
from ferd.training.core.run_files import note_cost, write_run
from ferd.training.core.validation import validation_scores
from ferd.training.recipes.data import recipe_faces, recipe_targets
from ferd.training.recipes.train_recipe import predict_views, train_recipe

VIEWS = ("centre", "flip", "ten")


def run_recipe(run, settings, cost, shown="test", callbacks=()):
    """Trains a recipe's network and writes the files of its run.

    Args:
        run: The run's name.
        settings: Its recipe, merged.
        cost: The dict of `ferd.study.cost.measure_cost`.
        shown: Faces that are predicted: "test", or "validation" for a search, which must not use
            the test set.
        callbacks: As in `ferd.training.recipes.train_recipe.train_recipe`.
    """
    faces = recipe_faces(settings)
    print(f"training on {len(faces.train)} faces", flush=True)
    precision = choose_precision(settings["precision"])
    targets = recipe_targets(faces.train, settings)
    training = train_recipe(faces.train, targets, faces.validation, settings, precision, callbacks)
    facts = recipe_facts(training.model, faces, settings, training.model)
    part = getattr(faces, shown)
    probabilities = predict_views(training.model, part.images, settings, settings["views"])
    write_run(run, training, part, probabilities, facts)
    note_cost(training, cost)
    training.checkpoint.clear()


def recipe_facts(predictor, faces, settings, model):
    """Size of a network and its scores on validation, by test-time augmentation.

    Args:
        predictor: The network, or what predicts with it on another device.
        faces: `ferd.training.recipes.data.RecipeFaces`.
        settings: The recipe.
        model: The network.
    """
    validation = {}
    for views in VIEWS:
        probabilities = predict_views(predictor, faces.validation.images, settings, views)
        scores = validation_scores(faces.validation.classes, probabilities)
        validation[views] = {key: scores[key] for key in ("accuracy", "macro_f1")}
    return {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "train_faces": len(faces.train),
        "validation": validation,
    }
