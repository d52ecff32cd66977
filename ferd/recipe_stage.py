"""Runs one recipe from data/crops.npz to its model, predictions and metrics."""

from ferd.recipe import predict_views, train_recipe
from ferd.recipe_data import recipe_faces, recipe_targets
from ferd.residual_network import multiply_adds
from ferd.results import prediction_table, write_metrics, write_table
from ferd.saving import save_model
from ferd.scores import score


def run_recipe(stage, settings, cost):
    """Trains, scores and writes what a recipe's stage gives.

    Every kind of view is scored on validation; on test the one that the section names.

    Args:
        stage: The stage's name.
        settings: Its section.
        cost: The dict of `measure_cost`.
    """
    from ferd.precision import choose_precision

    faces = recipe_faces(settings)
    print(f"training on {len(faces.train)} faces", flush=True)
    precision = choose_precision(settings["precision"])
    targets = recipe_targets(faces.train, settings)
    training = train_recipe(faces.train, targets, faces.validation, settings, precision)
    save_model(training.model, f"data/{stage}/model.keras")
    write_table(f"plots/{stage}/history.csv", training.history)
    metrics = {
        "parameters": training.model.count_params(),
        "multiply_adds": multiply_adds(training.model),
        "train_faces": len(faces.train),
        "validation": {
            views: score_views(training.model, faces.validation, settings, views)[0]
            for views in ("centre", "flip", "ten")
        },
    }
    metrics["test"], probabilities = score_views(
        training.model, faces.test, settings, settings["views"]
    )
    test = faces.test
    table = prediction_table(test.names, test.classes, probabilities.argmax(axis=1), probabilities)
    write_table(f"plots/{stage}/predictions.csv", table)
    write_metrics(f"metrics/{stage}.json", metrics)
    note_cost(training, cost)


def score_views(model, faces, settings, views):
    """Scores and probabilities of one kind of view."""
    probabilities = predict_views(model, faces.images, settings, views)
    return score(faces.classes, probabilities.argmax(axis=1), probabilities), probabilities


def note_cost(training, cost):
    """Adds what the training took to the stage's cost, and forgets its checkpoint."""
    cost["epochs"] = len(training.history)
    cost["resumed_at_epoch"] = training.checkpoint.resumed_at
    cost["training_seconds"] = training.checkpoint.seconds
    cost["precision"] = training.precision
    training.checkpoint.clear()
