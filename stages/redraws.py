"""Estimates how much the CNN's test accuracy would vary with another draw of the test images.

The test images of disgust, fear, neutral and surprise are a seeded draw, not Kaggle's own.

Reads   data/crops.npz, data/<run>/model.keras, data/<run>/results/training.json,
        plots/<run>/predictions.csv; data/split_groups.csv where validation_groups is near,
        data/test_copies.csv where exclude_test_copies is true; sections redraws, sampling and those
        of the run
Writes  metrics/details/redraws.json: the accuracies over redraws of these classes from test and
        validation faces, and the larger spread if all their faces were drawn anew (`full_redraw`)
Run     dvc repro redraws         (or, from the top folder: python -m stages.redraws)
Takes   half a minute on 2 cores
Expect  an SD of some tenths of a point; the test set's own accuracy among the redraws
"""

from ferd.study import stage
from ferd.study.settings import load, load_training

# The run, and its sections after train.
RUN = "cosine"
SECTIONS = ("cosine",)
# Another processor may predict a few faces otherwise. Faces that the network was trained on would
# raise the accuracy by far more.
TOLERANCE = 0.01


def main():
    import json
    from pathlib import Path

    import pandas as pd

    from ferd.scoring.redraws import redraws
    from ferd.study.base.results import write_json

    validation = validation_table()
    training = json.loads(Path(f"data/{RUN}/results/training.json").read_text("utf-8"))
    check_held_out(validation, training["validation"])
    test = pd.read_csv(f"plots/{RUN}/predictions.csv")
    draws, seed = load("redraws")["draws"], load("sampling")["seed"]
    write_json("metrics/details/redraws.json", redraws(test, validation, draws, seed))


def validation_table():
    """What the run predicts for its validation faces, as `prediction_table`."""
    from ferd.dataset.parts.copy_free import training_faces
    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.study.base.results import prediction_table
    from ferd.training.core.trained import load_trained
    from ferd.training.paper.train_cnn import predict

    settings, _ = load_training(*SECTIONS)
    faces = training_faces(load_faces("train"), settings)
    faces = faces.take(validation_rows(faces, settings))
    predicted = predict(load_trained(RUN), faces.images).argmax(axis=1)
    return prediction_table(faces.names, faces.classes, predicted)


def check_held_out(validation, noted):
    """Refuses faces that are not those which the run was validated on.

    Args:
        validation: From `validation_table`.
        noted: The validation scores in the run's training.json.

    Raises:
        SystemExit: If their number or the accuracy on them is not that of the training.
    """
    accuracy = (validation["actual"] == validation["predicted"]).mean()
    if len(validation) != noted["faces"] or abs(accuracy - noted["accuracy"]) > TOLERANCE:
        raise SystemExit(
            f"{RUN} was validated on {noted['faces']} faces with accuracy {noted['accuracy']:.4f}, "
            f"and these are {len(validation)} with {accuracy:.4f}: params.yaml has other settings "
            f"than its training had; run dvc repro score@{RUN}"
        )


if __name__ == "__main__":
    stage.run(main, __doc__)
