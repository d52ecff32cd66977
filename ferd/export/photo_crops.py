"""Exports a network trained on whole images for use on the crops of photos, and scores it so."""

from dataclasses import replace

import numpy as np

from ferd.dataset.crop.boxes import read_boxes
from ferd.dataset.parts.faces import load_faces
from ferd.export.exporting import ExportFaces, export_network
from ferd.export.viewed_network import with_views
from ferd.imaging.framing import cut, median_framing
from ferd.training.core.trained import load_trained, probabilities
from ferd.training.recipes.data import recipe_faces


def export_for_photos(run, recipe, folder, settings, scoring):
    """Writes and scores the files of a network.

    Args:
        run: The run that trained it.
        recipe: Its recipe, merged.
        folder, settings, scoring: As in `ferd.export.exporting.export_network`; settings also has
            `views`, the test-time augmentation that is built in.

    Returns:
        As `export_network`; the details also have `framing` and `uncut` (Keras' accuracy on the
        same faces as whole images).
    """
    uncut = read_faces(recipe)
    fitted, side = uncut.fitted, uncut.fitted.images.shape[1]
    boxes = read_boxes(side)
    framing = median_framing(boxes.loc[fitted.names[fitted.found]].to_numpy(), side)
    model = with_views(load_trained(run), uncut.test.images.shape[1], settings["views"])
    faces = frame_faces(uncut, boxes, framing)
    details, times = export_network(model, faces, folder, settings, scoring)
    shown = {"framing": framing._asdict(), "uncut": score_uncut(model, uncut, settings)}
    return details | shown, times


def read_faces(recipe):
    """The whole training images, the detected validation images and every test image."""
    train, validation, _ = recipe_faces(recipe | {"input_form": "whole_detected"})
    return ExportFaces(train, validation, load_faces("test", view="whole"))


def frame_faces(faces, boxes, framing):
    """The same images with the detected faces of each part cropped as from a photo."""

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
    scores = {}
    for name in ("validation", "test"):
        part = getattr(faces, name)
        part = part.take(part.found)
        labels = probabilities(model, part.images, settings["batch_size"]).argmax(axis=1)
        scores[name] = {"faces": len(part), "accuracy": float((labels == part.classes).mean())}
    return scores
