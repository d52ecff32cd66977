"""Reads FER2013's PrivateTest images and marks those unseen by the network `improved`."""

from dataclasses import dataclass

import numpy as np

SIDES = (48, 192)  # sides of a photo in pixels: an image at its own size, and enlarged four times


@dataclass(frozen=True)
class Images:
    """The images of PrivateTest.

    Args:
        pixels: uint8, shape `(images, 48, 48)`.
        classes: Strings, shape `(images,)`.
        unseen: bool, shape `(images,)`: see `unseen_images`.
        found: bool, shape `(images,)`: whether dlib finds a face in the image.
        groups: Integers, shape `(images,)`, the same for copies of one picture.
    """

    pixels: np.ndarray
    classes: np.ndarray
    unseen: np.ndarray
    found: np.ndarray
    groups: np.ndarray


def unseen_images(audit, in_part):
    """Marks images that the network `improved` was not fitted or validated on, nor on copies.

    It was trained on the paper's split, whose train folder contains four fifths of every part of
    FER2013's own split, so a score on all of PrivateTest would be one on its training images.

    Args:
        audit: DataFrame of data/audit.csv: `split`, and `copy` (`none` if the other split of the
            paper has no copy).
        in_part: bool, shape `(images,)`: whether the image is in PrivateTest.

    Returns:
        bool, shape `(images,)`.
    """
    of_test = (audit["split"] == "test") & (audit["copy"] == "none")
    return np.asarray(of_test) & np.asarray(in_part)


def read_study(data):
    """Reads the outputs of the stages crop and audit.

    Args:
        data: Folder with the stage outputs crops.npz and audit.csv.

    Returns:
        DataFrame of audit.csv, indexed by image name, and the whole images in the same order,
        uint8, shape `(images, 48, 48)`.

    Raises:
        SystemExit: If one is missing or they do not belong together.
    """
    import pandas as pd

    for name in ("crops.npz", "audit.csv"):
        if not (data / name).exists():
            raise SystemExit(f"{data / name}: is not there; `dvc repro audit` writes it")
    audit = pd.read_csv(data / "audit.csv", dtype={"name": str})
    audit.index = audit["split"] + "/" + audit["class"] + "/" + audit["name"]
    with np.load(data / "crops.npz") as file:
        if not np.array_equal(audit.index.to_numpy("U"), file["names"]):
            raise SystemExit(f"{data}: crops.npz and audit.csv are of other images")
        return audit, file["whole"]


def read_images(data):
    """Reads PrivateTest.

    Args:
        data: As in `read_study`.

    Returns:
        `Images`.

    Raises:
        SystemExit: As `read_study`, and if the images' names are not their rows in FER2013.
    """
    from ferd.dataset.parts.official_split import official_parts

    audit, pixels = read_study(data)
    part = official_parts(audit.index.to_numpy("U"))["test"]
    unseen = unseen_images(audit, part)
    of_part = audit[part]
    found, groups = of_part["found"].to_numpy(bool), of_part["copy_group"].to_numpy()
    return Images(pixels[part], of_part["class"].to_numpy("U"), unseen[part], found, groups)


def write_faces(path, images):
    """Writes the workers' input: `crops`, all images; and by side, the unseen images as photos.

    The photos are gray, uint8, shape `(unseen, side, side)`.
    """
    import cv2

    unseen = images.pixels[images.unseen]
    photos = {
        str(side): np.stack(
            [cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) for image in unseen]
        )
        for side in SIDES
    }
    np.savez(path, crops=images.pixels, **photos)
