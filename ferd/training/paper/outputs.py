"""Scores a finished training and writes the outputs of a training stage."""

from ferd.scoring.scores import score
from ferd.study.results import prediction_table, write_metrics, write_table
from ferd.training.core.saving import save_model
from ferd.training.paper.train_cnn import predict


def write_training(stage, training, held_out, test, cost, views=None):
    """Writes model, history, predictions and metrics of a training stage.

    The model was scored on validation when it was chosen; here it is scored on the test faces.

    Args:
        stage: The stage's name.
        training: A `Training`.
        held_out: `Faces` of the validation part.
        test: `Faces` of the test split.
        cost: The dict of `measure_cost`.
        views: Name of a score to a mask over the test faces; None scores all as "test".
    """
    save_model(training.model, f"data/{stage}/model.keras")
    write_table(f"plots/{stage}/history.csv", training.history)
    probabilities = predict(training.model, test.images)
    predicted = probabilities.argmax(axis=1)
    table = prediction_table(test.names, test.classes, predicted, probabilities)
    write_table(f"plots/{stage}/predictions.csv", table)
    metrics = {"parameters": training.model.count_params(), "best_epoch": training.best_epoch}
    validation = predict(training.model, held_out.images)
    metrics["validation"] = score(held_out.classes, validation.argmax(axis=1), validation)
    for name, mask in (views or {"test": slice(None)}).items():
        metrics[name] = score(test.classes[mask], predicted[mask], probabilities[mask])
    write_metrics(f"metrics/{stage}.json", metrics)
    note_cost(training, len(held_out), cost)
    training.checkpoint.clear()


def note_cost(training, validation_faces, cost):
    """Adds the training's time to the stage's cost, that of killed runs included."""
    cost["epochs"] = len(training.history)
    cost["resumed_at_epoch"] = training.resumed_at
    cost["training_seconds"] = training.checkpoint.seconds
    cost["validation_faces"] = validation_faces
    cost["precision"] = training.precision
