"""Writes what a training leaves: network, curve, raw predictions, facts and cost."""

from ferd.study.base.results import prediction_table, write_json, write_table
from ferd.training.core.saving import save_model


def write_run(run, training, shown, probabilities, facts):
    """Writes the files of a run; no test score is computed here.

    Args:
        run: Its name, the path below data/ and plots/.
        training: Has `model` and `history`.
        shown: `Faces` that were predicted: those of the test set, or of validation for a search.
        probabilities: Of `shown`, shape `(faces, 7)`.
        facts: Dict of numbers: size, and scores on validation.
    """
    save_model(training.model, f"data/{run}/model.keras")
    write_table(f"plots/{run}/history.csv", training.history)
    predicted = probabilities.argmax(axis=1)
    table = prediction_table(shown.names, shown.classes, predicted, probabilities)
    write_table(f"data/{run}/results/predictions.csv", table)
    write_json(f"data/{run}/results/training.json", facts)


def note_cost(training, cost):
    """Adds the training's time to the run's cost, that of killed runs included."""
    cost["epochs"] = len(training.history)
    cost["resumed_at_epoch"] = training.checkpoint.resumed_at
    cost["training_seconds"] = training.checkpoint.seconds
    cost["precision"] = training.precision
