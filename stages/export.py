"""Exports a trained network as ONNX; cosine and improved also as int8 ONNX and TensorFlow Lite.

Every file predicts the validation and the test faces and is compared with the Keras network.

cosine           the paper's network, on crops: four files, int8 ranges measured on training faces
improved         the same four files, as `ferd predict` uses the network: on crops, with test-time
                 augmentation. The network was trained on whole images. In a photo the
                 crop is dlib's box, extended as far as such images extend beyond it: the median
                 over its training images. The detected faces of the validation and test sets are
                 cropped in this way, as if each image were a photo; the other images stay whole
compact, compact_gpu
                 one file, weights in float16, scored on FER2013's own test set: it was trained on
                 Training alone, so it can be compared with published scores on PrivateTest
compact_ferplus  one file, scored by annotator votes: its probabilities estimate vote
                 shares. The temperature is fitted to PublicTest's votes

Reads   data/crops.npz, data/crops.csv, data/audit.csv, data/<run>/model.keras; data/ferplus.csv for
        compact_ferplus; sections export, export_improved, evaluate, sampling and the network's own
Writes  data/export/<network>/ferd_float16.onnx and, for cosine and improved, ferd_float32.onnx,
        ferd_int8.onnx and ferd.tflite; metrics/details/export/<network>.json: of each file its
        SHA-256, bytes, agreement with Keras, accuracy by part and calibration;
        metrics/cost/export/<network>.json: milliseconds per face on one thread
Run     dvc repro export@improved
        (or, from the top folder: python -m stages.export improved improved/2024)
        afterwards python -m ferd.packaged.ship copies the best small file into the package
Takes   1 to 3 minutes on 2 cores
Expect  float files with the class that Keras predicts for every face; int8 within 0.5 points of
        Keras' accuracy
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.details import COSTS, folder_of
from ferd.study.settings import load, load_recipe, load_training

ON_FER2013 = ("compact", "compact_gpu")
NETWORKS = ("cosine", "improved", *ON_FER2013, "compact_ferplus")


def main(network, run):
    folder = f"data/export/{network}"
    settings = load("export") | {"seed": load("sampling")["seed"]}
    details_folder, costs = folder_of(network), folder_of(network, COSTS)
    with measure_cost(f"{costs}/export/{network}.json") as cost:
        from ferd.study.base.results import write_json

        if network == "cosine":
            details, times = export_cnn(run, folder, settings)
        elif network == "improved":
            details, times = export_improved(run, folder, settings)
        else:
            details, times = export_small(network, run, folder, settings)
        write_json(f"{details_folder}/export/{network}.json", details)
        cost |= times


def scoring():
    """Settings of the scores: bins of the calibration error, samples and seed of the bootstrap."""
    sampling = load("sampling")
    return load("evaluate") | {"draws": sampling["bootstrap_draws"], "seed": sampling["seed"]}


def export_cnn(run, folder, settings):
    """Exports the paper's network; details and times."""
    from ferd.export.exporting import cropped_faces, export_network
    from ferd.training.core.trained import load_trained

    return export_network(
        load_trained(run), cropped_faces(load_training("cosine")[0]), folder, settings, scoring()
    )


def export_improved(run, folder, settings):
    """Exports the improved network as for crops from photos; details and times."""
    from ferd.export.photo_crops import export_for_photos

    recipe = load_recipe("improved", int(run.rsplit("/", 1)[1]))
    settings |= load("export_improved")
    return export_for_photos(run, recipe, folder, settings, scoring())


def export_small(network, run, folder, settings):
    """Exports a compact network, scored by labels or by annotator votes; details and times.

    Raises:
        SystemExit: If the network was trained on crops.
    """
    from ferd.export.exported import milliseconds_per_face, open_onnx
    from ferd.export.official_export import framing_of, score_official, viewed, write_onnx
    from ferd.training.recipes.data import recipe_faces

    recipe = load_recipe(network, int(run.rsplit("/", 1)[1]))
    if recipe["input_form"] != "whole":
        raise SystemExit(f"export: the file is framed for networks of {network}.input_form: whole")
    faces = recipe_faces(recipe)
    model = viewed(run, recipe["views"], faces.test.images.shape[1])
    content, size = write_onnx(model, folder), settings["batch_size"]
    counts = {"training": len(faces.train)}
    if network in ON_FER2013:
        details = score_official(content, model, faces, size, scoring())
    else:
        from ferd.export.annotators_export import score_annotators

        votes = {"votes": load("agreement")["votes"], "batch_size": size}
        details = score_annotators(content, model, faces, recipe["targets"], votes | scoring())
        counts["validation"] = len(faces.validation)
    details |= {"framing": framing_of(faces.train), "faces": counts}
    images, timed = faces.test.images, settings["timed_faces"]
    times = milliseconds_per_face(open_onnx(content), images, 1, timed)
    return details, {"milliseconds_per_face": times}


if __name__ == "__main__":
    stage.run(main, __doc__, {"network": {"choices": NETWORKS}, "run": {}})
