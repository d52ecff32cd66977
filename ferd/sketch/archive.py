"""Packs drawn faces into a dataset with the layout of Kaggle's archive, for demo and tests."""

import zipfile

import cv2
import numpy as np

from ferd.classes import CLASSES
from ferd.sketch.faces import draw_face, draw_scene

JPEG_QUALITY = 95


def sketch_archive(
    path, train_per_class, test_per_class, seed=0, faceless_share=0.1, train_shares=None
):
    """Writes drawn faces as a zip in the layout of the dataset on Kaggle.

    Names are `images/train/<class>/<n>.jpg` and `images/validation/<class>/<n>.jpg`; `n` counts
    through the whole archive. Equal arguments give an equal file, byte for byte, as long as numpy
    and OpenCV are the same. From four pictures per class on, the last training picture of a class
    repeats the first one's bytes, so that there are exact copies.

    Args:
        path: File to write.
        train_per_class, test_per_class: Pictures per class, repeats and faceless ones included.
        seed: Non-negative int.
        faceless_share: Share of each class and split that shows no face, 0-1, rounded.
        train_shares: Dict of class to the share of `train_per_class` that it gets, 0-1, rounded;
            None, or a class left out, for all of it.

    Raises:
        ValueError: If a count is negative or the share is outside 0-1.
    """
    if min(train_per_class, test_per_class) < 0 or not 0 <= faceless_share <= 1:
        raise ValueError("counts must be 0 or more and faceless_share between 0 and 1")
    shares = {"train": train_shares or {}, "validation": {}}
    files = {}
    for folder, most in (("train", train_per_class), ("validation", test_per_class)):
        for expression in CLASSES:
            count = round(most * shares[folder].get(expression, 1))
            pictures = _class_pictures(expression, count, faceless_share, [seed, len(files)])
            if folder == "train" and count >= 4:
                pictures[-1] = pictures[0]
            for picture in pictures:
                files[f"images/{folder}/{expression}/{len(files)}.jpg"] = picture
    _write_zip(path, files)


def _class_pictures(expression, count, faceless_share, seed):
    """`count` JPEG files of one class, the faceless ones in the middle."""
    faceless = round(faceless_share * count)
    first_scene = (count - faceless) // 2
    generator = np.random.default_rng(seed)
    pictures = []
    for index in range(count):
        is_scene = first_scene <= index < first_scene + faceless
        picture = draw_scene(generator) if is_scene else draw_face(expression, generator)
        pictures.append(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1])
    return [picture.tobytes() for picture in pictures]


def _write_zip(path, files):
    """Stores `files`, name to bytes, sorted, under a fixed date and system for equal bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
