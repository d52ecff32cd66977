"""The recipes' augmentation as one JAX program, which runs on the GPU.

`ferd.training.recipes.augment` does the same face by face with OpenCV. The random numbers differ,
and gray levels stay fractions here where OpenCV rounds them. With equal random numbers an augmented
face is equal to a gray level or two.
"""

import math

import jax
import jax.numpy as jnp


def augment_batch(images, key, settings):
    """Augments each face at random.

    Args:
        images: uint8, shape `(faces, size, size)`.
        key: A JAX random key; the only source of randomness.
        settings: As in `ferd.training.recipes.augment.augment_faces`.

    Returns:
        float32 in [0, 1], shape `(faces, crop_size, crop_size, 1)`.
    """
    moves, areas, noise = jax.random.split(key, 3)
    count, side = len(images), settings["crop_size"]
    draws = jax.random.uniform(moves, (count, 7), minval=-1, maxval=1)
    views = window(images, draws[:, :5], settings)
    views = relight(views, draws[:, 5] * settings["brightness"], draws[:, 6] * settings["contrast"])
    if settings["erasing"]:
        filling = jax.random.uniform(noise, (count, side, side), maxval=255)
        drawn = jax.random.uniform(areas, (count, 5))
        views = erase(views, drawn[:, 0] < settings["erasing"], drawn[:, 1:], filling)
    return views[..., None] / 255


def window(images, draws, settings):
    """Rotated, scaled, shifted and mirrored windows, bilinear, with the border's pixels repeated.

    Args:
        images: uint8, shape `(faces, size, size)`.
        draws: In [-1, 1], shape `(faces, 5)`: mirror (below 0), angle, scale, right and down.
        settings: Dict of `crop_size`, `flip`, `rotation_degrees` and `zoom`.

    Returns:
        float32 gray levels, shape `(faces, crop_size, crop_size)`.
    """
    side, size = settings["crop_size"], images.shape[1]
    play, middle = (size - side) / 2, (size - 1) / 2
    mirror, angle, scale, right, down = (draws[:, i, None, None] for i in range(5))
    # The position in the face of each pixel of the window: the inverse of OpenCV's matrix.
    across = jnp.arange(side)[None, None, :] + play + jnp.round(play * right) - middle
    along = jnp.arange(side)[None, :, None] + play + jnp.round(play * down) - middle
    turn = angle * math.radians(settings["rotation_degrees"])
    grow = 1 + scale * settings["zoom"]
    column = (jnp.cos(turn) * across - jnp.sin(turn) * along) / grow + middle
    row = (jnp.sin(turn) * across + jnp.cos(turn) * along) / grow + middle
    if settings["flip"]:
        column = jnp.where(mirror < 0, size - 1 - column, column)
    return sample(images, row, column)


def sample(images, row, column):
    """Bilinear gray levels at fractional positions.

    Args:
        images: uint8, shape `(faces, size, size)`.
        row, column: float32, shape `(faces, height, width)`; beyond the border the
            border's pixel is used.

    Returns:
        float32, shape `(faces, height, width)`.
    """
    size = images.shape[1]
    flat = images.reshape(len(images), -1).astype("float32")
    top, left = jnp.floor(row), jnp.floor(column)
    below, beside = row - top, column - left
    total = 0.0
    for y, share_y in ((top, 1 - below), (top + 1, below)):
        for x, share_x in ((left, 1 - beside), (left + 1, beside)):
            place = jnp.clip(y, 0, size - 1) * size + jnp.clip(x, 0, size - 1)
            place = place.astype("int32").reshape(len(images), -1)
            levels = jnp.take_along_axis(flat, place, axis=1).reshape(row.shape)
            total = total + levels * share_y * share_x
    return total


def relight(views, brightness, contrast):
    """As `ferd.training.recipes.augment.relight`, with changes of the shape `(faces,)`."""
    levels = views * (1 + brightness[:, None, None])
    middle = levels.mean(axis=(1, 2), keepdims=True)
    return jnp.clip((levels - middle) * (1 + contrast[:, None, None]) + middle, 0, 255)


def erase(views, erased, draws, filling):
    """Fills a rectangle of some faces.

    Args:
        views: float32, shape `(faces, side, side)`.
        erased: Which faces, bool, shape `(faces,)`.
        draws: In [0, 1), shape `(faces, 4)`: area, aspect ratio, row and column.
        filling: Gray levels to fill with, shape of `views`.
    """
    side = views.shape[1]
    area, ratio = side * side * (0.02 + 0.18 * draws[:, 0]), 3.3 ** (2 * draws[:, 1] - 1)
    height = jnp.floor(jnp.clip(jnp.sqrt(area * ratio), 1, side - 1))
    width = jnp.floor(jnp.clip(jnp.sqrt(area / ratio), 1, side - 1))
    top, left = (
        jnp.floor(draws[:, 2] * (side - height)),
        jnp.floor(draws[:, 3] * (side - width)),
    )
    at = jnp.arange(side)
    rows = (at >= top[:, None]) & (at < (top + height)[:, None])
    columns = (at >= left[:, None]) & (at < (left + width)[:, None])
    inside = erased[:, None, None] & rows[:, :, None] & columns[:, None, :]
    return jnp.where(inside, filling, views)
