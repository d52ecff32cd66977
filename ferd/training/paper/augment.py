"""The paper's light augmentation: horizontal flips and slight rotations only."""

import cv2
import numpy as np


def light_augment(images, generator, flip=True, rotation_degrees=10.0):
    """Flips each face with a probability of a half and rotates it by a uniform random angle.

    Args:
        images: uint8, shape `(faces, size, size)`.
        generator: A numpy `Generator`; the only source of randomness.
        flip: Whether to flip.
        rotation_degrees: Largest angle in degrees, either way.

    Returns:
        uint8, shape `(faces, size, size)`. Pixels outside the image repeat its edge, as in Keras'
        ImageDataGenerator.
    """
    # Both are always drawn, for all faces at once, so that turning one off does not change the
    # other.
    flips = generator.random(len(images)) < 0.5
    angles = generator.uniform(-rotation_degrees, rotation_degrees, len(images))
    result = np.empty_like(images)
    for index, image in enumerate(images):
        image = image[:, ::-1] if flip and flips[index] else image
        result[index] = warp(image, angle=angles[index])
    return result


def warp(image, angle=0.0, zoom=1.0, shift=(0.0, 0.0)):
    """Rotates (degrees), zooms and shifts (pixels right, down) one image about its centre."""
    centre = (image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2
    matrix = cv2.getRotationMatrix2D(centre, angle, zoom)
    matrix[:, 2] += shift
    return cv2.warpAffine(
        np.ascontiguousarray(image), matrix, image.shape[::-1], borderMode=cv2.BORDER_REPLICATE
    )
