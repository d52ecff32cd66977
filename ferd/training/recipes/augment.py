"""The recipes' augmentation: random shifts, crops, brightness and erasing."""

import cv2
import numpy as np


def augment_faces(images, generator, settings):
    """Augments each face at random.

    Args:
        images: uint8, shape `(faces, size, size)`.
        generator: A numpy `Generator`; the only source of randomness.
        settings: Dict of `crop_size` (side of a random window, at most `size`), `flip`,
            `rotation_degrees`, `zoom` (largest change of scale, a share of 1), `brightness`
            and `contrast` (largest changes, shares of 1), `erasing` (probability that a rectangle
            of 2 to 20% of the face is replaced by noise).

    Returns:
        uint8, shape `(faces, crop_size, crop_size)`.

    Reference:
        - [Random Erasing Data Augmentation](https://arxiv.org/abs/1708.04896), Zhong et al., 2017
    """
    side, size = settings["crop_size"], images.shape[1]
    # All random numbers are drawn in a fixed order, so turning one kind off changes no other.
    draws = generator.uniform(-1, 1, (len(images), 7))
    erased = generator.random((len(images), 5))
    result = np.empty((len(images), side, side), np.uint8)
    for index, image in enumerate(images):
        flip, angle, scale, right, down, light, contrast = draws[index]
        image = image[:, ::-1] if settings["flip"] and flip < 0 else image
        play = (size - side) / 2
        matrix = cv2.getRotationMatrix2D(
            ((size - 1) / 2, (size - 1) / 2),
            angle * settings["rotation_degrees"],
            1 + scale * settings["zoom"],
        )
        # Whole pixels, so that a window that is neither rotated nor scaled is not blurred.
        matrix[:, 2] -= play + np.round(play * right), play + np.round(play * down)
        view = cv2.warpAffine(
            np.ascontiguousarray(image), matrix, (side, side), borderMode=cv2.BORDER_REPLICATE
        )
        view = relight(view, light * settings["brightness"], contrast * settings["contrast"])
        result[index] = view
        if erased[index, 0] < settings["erasing"]:
            erase(result[index], erased[index, 1:], generator)
    return result


def relight(image, brightness, contrast):
    """Scales the gray levels by 1 + brightness, and their distance to the mean by 1 + contrast."""
    if not brightness and not contrast:
        return image
    levels = image.astype("float32") * (1 + brightness)
    middle = levels.mean()
    return np.clip((levels - middle) * (1 + contrast) + middle, 0, 255).astype(np.uint8)


def erase(image, draws, generator):
    """Fills a rectangle of `image` with noise, in place.

    Args:
        image: uint8, shape `(side, side)`.
        draws: Four numbers in [0, 1): area, aspect ratio, row and column of the rectangle.
        generator: Draws the noise.
    """
    side = image.shape[0]
    area, ratio = side * side * (0.02 + 0.18 * draws[0]), 3.3 ** (2 * draws[1] - 1)
    height = int(np.clip(np.sqrt(area * ratio), 1, side - 1))
    width = int(np.clip(np.sqrt(area / ratio), 1, side - 1))
    top, left = int(draws[2] * (side - height)), int(draws[3] * (side - width))
    noise = generator.integers(0, 256, (height, width), dtype=np.uint8)
    image[top : top + height, left : left + width] = noise


def views_of(images, crop_size, views):
    """The windows of each face for test-time augmentation.

    Args:
        images: uint8, shape `(faces, size, size)`.
        crop_size: Side of a window.
        views: "centre" (the middle window), "flip" (it and its mirror image) or "ten" (the corners
            and the middle, and their mirror images).

    Returns:
        List of uint8 arrays, shape `(faces, crop_size, crop_size)`.
    """
    last = images.shape[1] - crop_size
    middle = last // 2
    corners = [(0, 0), (0, last), (last, 0), (last, last)] if views == "ten" else []
    windows = [
        images[:, top : top + crop_size, left : left + crop_size]
        for top, left in [(middle, middle), *corners]
    ]
    mirrored = [] if views == "centre" else [window[:, :, ::-1] for window in windows]
    return windows + mirrored
