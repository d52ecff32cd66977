"""Finds shifted copies: images of another's picture moved by some pixels, or mirrored.

Images are first compared at half the side, which is a quarter of the pixels and halves the shifts.
An image without a similar one there has none at full size, so only the rest is compared again.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ferd.dataset.copies.copies import BLOCK, nearest_rows, standardize

MARGIN = 0.05  # an odd shift falls between the pixels of half the side and correlates less there
MOVE = 4  # pixels: crops of one photo in FER2013 differ by up to about this much


class Match(NamedTuple):
    """The most similar reference of each query, shifted or mirrored: indices and correlations."""

    index: np.ndarray
    correlation: np.ndarray


def nearest_moved(queries, references, threshold):
    """The most similar reference of every query, over all shifts and mirror images.

    The middle of a reference, without `MOVE` pixels at each side, is compared with every window of
    that size in a query and in its mirror image.

    Args:
        queries, references: uint8, shape `(images, side, side)`, side above `2 * MOVE + 1`; if it
            is odd, the last row and column are left out.
        threshold: Queries that are `MARGIN` below it at half the side are not compared at full
            size.

    Returns:
        `Match`; for a query not compared at full size, the correlation is that at half the side.
    """
    side = queries.shape[1] // 2 * 2
    queries, references = queries[:, :side, :side], references[:, :side, :side]
    coarse = _coarse(queries, references)
    index, correlation = coarse.index.copy(), coarse.correlation.copy()
    for query in np.flatnonzero(coarse.correlation >= threshold - MARGIN):
        reference = references[index[query]][MOVE:-MOVE, MOVE:-MOVE]
        correlation[query] = _best_window(queries[query], reference)
    return Match(index, correlation)


def moved_pairs(images, threshold):
    """All pairs of images of which one is the other, shifted or mirrored.

    Args:
        images: uint8, shape `(images, side, side)`, side above `2 * MOVE + 1`; if it is odd, the
            last row and column are left out.
        threshold: Least correlation of the first image's middle with a window of the second or of
            its mirror image.

    Returns:
        DataFrame: `first`, `second` (indices, first < second) and `correlation`.
    """
    side = images.shape[1] // 2 * 2
    images = images[:, :side, :side]
    found = []
    for first, second in _coarse_pairs(images, threshold - MARGIN):
        correlation = _best_window(images[second], images[first][MOVE:-MOVE, MOVE:-MOVE])
        if correlation >= threshold:
            found.append((first, second, correlation))
    return pd.DataFrame(found, columns=["first", "second", "correlation"])


def _coarse_pairs(images, threshold):
    """Pairs of indices whose correlation at half the side is at least `threshold`, in order."""
    middles = standardize(halve(images[:, MOVE:-MOVE, MOVE:-MOVE]))
    codes = [np.empty(0, int)]
    for mirrored in (False, True):
        for windows in _windows(halve(images[:, :, ::-1] if mirrored else images), MOVE // 2):
            rows = standardize(windows)
            for start in range(0, len(rows), BLOCK):
                products = middles[start : start + BLOCK] @ rows[start:].T
                first, second = np.nonzero(products >= threshold)
                later = second > first
                codes.append((first[later] + start) * len(images) + second[later] + start)
    return [divmod(int(code), len(images)) for code in np.unique(np.concatenate(codes))]


def _coarse(queries, references):
    middles = standardize(halve(references[:, MOVE:-MOVE, MOVE:-MOVE]))
    index = np.zeros(len(queries), int)
    best = np.full(len(queries), -1, "float32")
    for mirrored in (False, True):
        images = halve(queries[:, :, ::-1] if mirrored else queries)
        for windows in _windows(images, MOVE // 2):
            found, correlation = nearest_rows(standardize(windows), middles)
            better = correlation > best
            index[better], best[better] = found[better], correlation[better]
    return Match(index, best)


def _best_window(query, reference):
    pair = np.stack([query, query[:, ::-1]])
    windows = np.concatenate(list(_windows(pair, MOVE)))
    return (standardize(windows) @ standardize(reference[np.newaxis])[0]).max()


def _windows(images, move):
    """All windows of the images that are `2 * move` smaller, as arrays of all images."""
    side = images.shape[1] - 2 * move
    for top in range(2 * move + 1):
        for left in range(2 * move + 1):
            yield np.ascontiguousarray(images[:, top : top + side, left : left + side])


def halve(images):
    """Images of half the side: each pixel the mean of four.

    Args:
        images: uint8, shape `(images, side, side)`, side even.

    Returns:
        uint8, shape `(images, side / 2, side / 2)`.
    """
    count, side = images.shape[:2]
    blocks = images.reshape(count, side // 2, 2, side // 2, 2)
    return blocks.mean(axis=(2, 4)).astype(np.uint8)
