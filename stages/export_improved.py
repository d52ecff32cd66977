"""Exports the improved network as `ferd predict` uses it: on crops, with test-time augmentation.

The network was trained on whole images. In a photo the crop is dlib's box, extended as far as such
images extend beyond it: the median over its training images. The detected faces of the validation
and test sets are cropped in this way, as if each image were a photo; the other images stay whole.

Reads   data/crops.npz, data/crops.csv, data/audit.csv, data/test_copies.csv and
        data/improved/<seed>/model.keras
Writes  data/export_improved/ferd_float32.onnx, ferd_float16.onnx, ferd_int8.onnx and ferd.tflite;
        metrics/export_improved.json: as metrics/export.json, with the framing and Keras' accuracy
        on the same faces whole; metrics/cost/export_improved.json
Run     dvc repro export_improved  exports the first seed of headline.improved
        (or, from the top folder: python stages/export_improved.py 2024)
        python -m ferd.export.ship afterwards copies the best small file into the package
Takes   about 2 minutes on 2 cores
Expect  a few points above the CNN's files, and about the same network's accuracy on whole images
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.study import params, supervisor
from ferd.study.cost import measure_cost
from ferd.study.export_params import IMPROVED_EXPORT_SPECS as SPECS
from ferd.study.final_params import FINAL_SPECS
from stages.evaluate import SPECS as SCORING_SPECS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    settings = params.load("export_improved", SPECS)
    recipe = params.load("improved", FINAL_SPECS) | {"seed": seed}
    scoring = params.load("evaluate", SCORING_SPECS)
    with measure_cost("export_improved") as cost:
        from ferd.dataset.crop.boxes import read_boxes
        from ferd.export.exporting import export_network
        from ferd.export.viewed_network import with_views
        from ferd.imaging.framing import median_framing
        from ferd.study.results import write_metrics
        from ferd.training.core.trained import load_trained

        uncut = read_faces(recipe)
        fitted, boxes = uncut.fitted, read_boxes(uncut.fitted.images.shape[1])
        framing = median_framing(
            boxes.loc[fitted.names[fitted.found]].to_numpy(), fitted.images.shape[1]
        )
        model = with_views(
            load_trained(f"improved/{seed}"), uncut.test.images.shape[1], settings["views"]
        )
        faces = frame_faces(uncut, boxes, framing)
        metrics, times = export_network(model, faces, "data/export_improved", settings, scoring)
        shown = {"framing": framing._asdict(), "uncut": score_uncut(model, uncut, settings)}
        write_metrics("metrics/export_improved.json", metrics | shown)
        cost |= times


def read_faces(recipe):
    """The whole training images, the detected validation images and every test image."""
    from ferd.dataset.parts.faces import load_faces
    from ferd.export.exporting import ExportFaces
    from ferd.training.recipes.data import recipe_faces

    train, validation, _ = recipe_faces(recipe | {"view": "whole_detected"})
    return ExportFaces(train, validation, load_faces("test", view="whole"))


def frame_faces(faces, boxes, framing):
    """The same images with the detected faces of each part cropped as from a photo."""
    from dataclasses import replace

    import numpy as np

    from ferd.imaging.framing import cut

    shown = []
    for part in faces:
        images = part.images.copy()
        rows = np.flatnonzero(part.found)
        found = boxes.loc[part.names[rows]].round().astype(int).itertuples()
        for row, box in zip(rows, found, strict=True):
            images[row] = cut(part.images[row], box, framing, images.shape[1])
        shown.append(replace(part, images=images))
    return type(faces)(*shown)


def score_uncut(model, faces, settings):
    """Keras' accuracy on the detected faces as whole images, to measure the effect of cropping."""
    from ferd.training.core.trained import probabilities

    scores = {}
    for name in ("validation", "test"):
        part = getattr(faces, name)
        part = part.take(part.found)
        labels = probabilities(model, part.images, settings["batch_size"]).argmax(axis=1)
        scores[name] = {"faces": len(part), "accuracy": float((labels == part.classes).mean())}
    return scores


if __name__ == "__main__":
    supervisor.run(main)
