"""Differential augmentation: stronger augmentation for the under-represented classes only."""

import numpy as np

from ferd.training.paper.augment import light_augment, warp


def rare_classes(classes, count, share):
    """Marks classes with fewer faces than `share` times the median class.

    Args:
        classes: Integer class indices, shape `(faces,)`.
        count: Number of classes.
        share: 1 takes every class below the median.

    Returns:
        bool, shape `(count,)`.
    """
    faces = np.bincount(classes, minlength=count)
    return faces < share * np.median(faces)


def differential_augment(images, classes, generator, rare, light, strong):
    """Augments faces of rare classes strongly and all others lightly.

    Args:
        images: uint8, shape `(faces, size, size)`.
        classes: Integer class indices, shape `(faces,)`.
        generator: A numpy `Generator`.
        rare: bool per class, from `rare_classes`.
        light: Keyword arguments of `light_augment`.
        strong: Keyword arguments of `strong_augment`.

    Returns:
        uint8, shape `(faces, size, size)`. Faces of the other classes are exactly as from
        `light_augment` alone, because its random numbers are drawn first.
    """
    result = light_augment(images, generator, **light)
    rows = rare[classes]
    result[rows] = strong_augment(images[rows], generator, **strong)
    return result


def strong_augment(images, generator, rotation_degrees, zoom, shift, brightness):
    """Flips, rotates, zooms, shifts and brightens or darkens each face.

    Args:
        images: uint8, shape `(faces, size, size)`.
        generator: A numpy `Generator`.
        rotation_degrees: Largest angle, either way.
        zoom: Largest change of scale, as a share of 1.
        shift: Largest shift along each axis, as a share of the side.
        brightness: Largest change of the gray levels, as a share of 1.

    Returns:
        uint8, shape `(faces, size, size)`.
    """
    result = np.empty_like(images)
    for index, image in enumerate(images):
        flip, *draws = generator.uniform(-1, 1, 6)
        angle, scale, right, down, light = draws
        image = image[:, ::-1] if flip < 0 else image
        side = image.shape[0]
        moved = warp(
            image,
            angle * rotation_degrees,
            1 + scale * zoom,
            (right * shift * side, down * shift * side),
        )
        result[index] = np.clip(moved * (1 + light * brightness), 0, 255)
    return result
