"""Predicts validation faces and all test images, as they are and mirrored, with every CNN.

The validation faces serve the calibration. Test images without a detected face are predicted whole.
The mean prediction for a face and its mirror image (test-time augmentation) is a run of its own,
flip_averaging.

Reads   data/crops.npz, data/<run>/model.keras of every CNN, sections train and predict of
        params.yaml
Writes  data/probabilities.npz: for validation the detected faces, for test every image; for each
        network `<run>_validation`, `<run>_test`, `<run>_mirrored`, shape (images, 7);
        data/flip_averaging/results/ (the files of a training); metrics/cost/probabilities.json
Run     dvc repro probabilities   (or, from the top folder: python -m stages.probabilities)
Takes   about 2 minutes on 2 cores
Expect  2,160 validation faces and 7,066 test images
"""

import os
from contextlib import nullcontext

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load, load_training

AVERAGED = "data/flip_averaging/results"


def main():
    batch_size, settings = load("predict")["batch_size"], load_training("cosine")[0]
    with measure_cost("metrics/cost/probabilities.json"):
        write_probabilities(batch_size, settings)


def write_probabilities(batch_size, settings):
    """Writes the archive and the averaged predictions of the run cosine's network."""
    import numpy as np

    from ferd.dataset.parts.faces import load_faces
    from ferd.dataset.parts.split import validation_rows
    from ferd.scoring.networks import NETWORKS
    from ferd.training.core import trained

    faces = load_faces("train", view="whole")
    faces = faces.take(faces.found)
    validating = validation_rows(faces, settings)
    test = load_faces("test", view="whole")
    arrays = {"test_names": test.names, "test_classes": test.classes, "test_found": test.found}
    arrays["validation_classes"] = faces.classes[validating]
    for run, view in NETWORKS.values():
        model = trained.load_trained(run)
        held_out, images = faces.images, test.images
        if view == "crops":
            held_out = load_faces("train").images
            images = images.copy()
            images[test.found] = load_faces("test").images
        views = {"validation": held_out[validating], "test": images}
        views["mirrored"] = images[:, :, ::-1]
        cost = f"{AVERAGED}/cost.json" if run == "cosine" else None
        with measure_cost(cost) if cost else nullcontext():
            for name, shown in views.items():
                arrays[f"{run}_{name}"] = trained.probabilities(model, shown, batch_size)
        if run == "cosine":
            pair = (arrays[f"{run}_{name}"][test.found] for name in ("test", "mirrored"))
            write_average(test.take(test.found), sum(pair) / 2, model.count_params())
    np.savez("data/probabilities.partial.npz", **arrays)
    os.replace("data/probabilities.partial.npz", "data/probabilities.npz")


def write_average(test, mean, parameters):
    """Writes the run flip_averaging.

    Args:
        test: `Faces`, the detected test faces.
        mean: Mean probabilities of each face and its mirror image, shape `(faces, 7)`.
        parameters: Weights of the network.
    """
    from ferd.study.base.results import prediction_table, write_json, write_table

    table = prediction_table(test.names, test.classes, mean.argmax(axis=1), mean)
    write_table(f"{AVERAGED}/predictions.csv", table)
    write_json(f"{AVERAGED}/training.json", {"parameters": parameters})


if __name__ == "__main__":
    stage.run(main, __doc__)
