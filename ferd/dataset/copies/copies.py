"""Finds exact and near copies among images.

Two images are compared by the correlation of their gray levels, which does not depend on brightness
or contrast. Every pair is compared, by matrix products in blocks. For 35,887 images of 48x48 pixels
that takes a minute, so an approximate index, which could miss some, is not needed.
"""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

BLOCK = 2048  # rows of the correlation matrix at a time: 0.3 GB for 35,887 images
BLANK_CONTRAST = 5.0  # gray levels; in FER2013 thirteen images are below, and the next has 9.1


def contrast(images):
    """Standard deviation of each image's gray levels.

    Args:
        images: uint8, shape `(images, height, width)`.

    Returns:
        float32, shape `(images,)`.
    """
    return np.array([image.std(dtype="float32") for image in images], "float32")


def standardize(images):
    """Rows whose product is the correlation of two images.

    Args:
        images: uint8, shape `(images, height, width)`.

    Returns:
        float32, shape `(images, height * width)`, each row with mean 0 and length 1; all 0 for
        a blank image, which so correlates with no image.
    """
    rows = images.reshape(len(images), -1).astype("float32")
    rows -= rows.mean(axis=1, keepdims=True)
    rows[contrast(images) < BLANK_CONTRAST] = 0
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)


def similar_pairs(images, threshold):
    """All pairs of images with at least this correlation.

    Args:
        images: uint8, shape `(images, height, width)`.
        threshold: Correlation, above 0.

    Returns:
        DataFrame: `first`, `second` (indices, first < second) and `correlation`; in order of
        `first`, then `second`.
    """
    rows, found = standardize(images), []
    for start in range(0, len(rows), BLOCK):
        products = rows[start : start + BLOCK] @ rows[start:].T
        first, second = np.nonzero(products >= threshold)
        above = second > first
        first, second = first[above], second[above]
        found.append(
            pd.DataFrame(
                {
                    "first": first + start,
                    "second": second + start,
                    "correlation": products[first, second],
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def nearest(queries, references):
    """The most similar reference of every query.

    Args:
        queries, references: uint8, shape `(images, height, width)` of the same size.

    Returns:
        Index of the reference, shape `(queries,)`, and the correlation with it, float32.
    """
    return nearest_rows(standardize(queries), standardize(references))


def nearest_rows(rows, others):
    """As `nearest`, for rows from `standardize`."""
    index, correlation = [], []
    for start in range(0, len(rows), BLOCK):
        products = rows[start : start + BLOCK] @ others.T
        index.append(products.argmax(axis=1))
        correlation.append(products.max(axis=1))
    return np.concatenate(index), np.concatenate(correlation)


def number_groups(count, pairs):
    """Numbers images so that images connected by pairs share a number.

    Args:
        count: How many images there are.
        pairs: DataFrame from `similar_pairs`.

    Returns:
        Integers, shape `(count,)`, counted from 0 in order of first appearance.
    """
    ones = np.ones(len(pairs), bool)
    graph = coo_array((ones, (pairs["first"], pairs["second"])), shape=(count, count))
    labels = connected_components(graph, directed=False)[1]
    return pd.factorize(labels)[0]


def label_agreement(pairs, classes, edges):
    """How often two images have the same label, by their correlation.

    The labels of unrelated images agree as often as by chance. The threshold for copies belongs
    where agreement rises above that level.

    Args:
        pairs: DataFrame from `similar_pairs`.
        classes: Integer class indices, shape `(images,)`.
        edges: Rising bounds of the correlation's intervals; the last one includes its upper bound.

    Returns:
        DataFrame, a row per interval: `correlation` (its lower bound), `pairs` and `same_label` (a
        share; NaN without pairs).
    """
    same = classes[pairs["first"]] == classes[pairs["second"]]
    # Rounding can make the correlation of identical images slightly above 1.
    values = np.minimum(pairs["correlation"], edges[-1])
    total, _ = np.histogram(values, edges)
    agreeing, _ = np.histogram(values[same], edges)
    with np.errstate(invalid="ignore"):
        share = agreeing / total
    return pd.DataFrame({"correlation": edges[:-1], "pairs": total, "same_label": share})
