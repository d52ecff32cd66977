"""Scores the package's networks on FER2013's own split, by both kinds of labels."""

import json
from typing import NamedTuple

import numpy as np
import pandas as pd

from ferd.classes import CLASSES
from ferd.dataset.ferplus.protocol import majority_classes
from ferd.dataset.parts.faces import Faces, load_faces
from ferd.dataset.parts.official_split import official_parts, row_numbers
from ferd.inference.prior import adjust
from ferd.packaged import make
from ferd.packaged.labels import (
    KINDS,
    both_scores,
    by_kind,
    compare_labels,
    prediction_table,
    shares,
)
from ferd.scoring.calibration import apply_temperature
from ferd.scoring.copy_effect import parts_by_copy
from ferd.scoring.tables import whole_parts

IMPROVED = "ferd"  # the file of `improved`, which was trained on most of PublicTest


class Benchmark(NamedTuple):
    """What the networks are scored on.

    Attributes:
        train, validation, test: `Faces`, whole images: Training, PublicTest, PrivateTest.
        votes: From `ferd.dataset.ferplus.protocol.read_counted_votes`.
        groups: Series of image name to the number of its group of copies.
        bootstrap: Samples and seed.
    """

    train: Faces
    validation: Faces
    test: Faces
    votes: pd.DataFrame
    groups: pd.Series
    bootstrap: tuple


class Network(NamedTuple):
    """A network's file and what it predicts.

    Attributes:
        content: Bytes of the ONNX file.
        facts: The JSON object beside it; None of a new network.
        validation, test: float64, shape `(faces, 7)`: probabilities in `CLASSES`' order.
    """

    content: bytes
    facts: dict | None
    validation: np.ndarray
    test: np.ndarray


def official_faces():
    """Dict of "train", "validation" and "test" to `Faces`: the parts of FER2013's own split."""
    halves = [load_faces(split, "whole") for split in ("train", "test")]
    columns = zip(*(vars(half).values() for half in halves), strict=True)
    everyone = Faces(*map(np.concatenate, columns))
    return {name: everyone.take(rows) for name, rows in official_parts(everyone.names).items()}


def read_network(name, benchmark):
    """The `Network` of a file of the package, with its predictions."""
    facts = json.loads((make.MODELS / f"{name}.json").read_text(encoding="utf-8"))
    content = (make.MODELS / f"{name}.onnx").read_bytes()
    return predicted(content, facts, benchmark)


def predicted(content, facts, benchmark):
    """The `Network` of an ONNX file; `facts` may be None."""
    order = [facts["classes"].index(one) for one in CLASSES] if facts else range(len(CLASSES))
    parts = (benchmark.validation, benchmark.test)
    found = [make.predict(content, part.images)[:, list(order)] for part in parts]
    return Network(content, facts, *found)


def calibrate(name, network, benchmark):
    """Temperature and prior of a network, on PublicTest.

    A packaged network keeps its temperature. That of `general` is fitted to both kinds of labels,
    that of `fast` to FER2013's labels, as compact's was.
    """
    public = benchmark.validation
    if network.facts:
        temperature = network.facts["temperature"]
    else:
        majority = majority_classes(benchmark.votes.loc[row_numbers(public.names)])
        majority = np.where(majority < len(CLASSES), majority, -1)
        labels = [public.classes, majority] if name == "general" else [public.classes]
        temperature = make.temperature_of(network.validation, labels)
    prior = make.prior_of(network.validation, temperature, CLASSES)
    return {"temperature": temperature, "prior": prior}


def scores_of(network, benchmark):
    """Scores on PublicTest, and on PrivateTest by copies, by both kinds of labels."""
    parts = benchmark.validation, benchmark.test
    public, private = (
        prediction_table(faces, given)
        for faces, given in zip(parts, (network.validation, network.test), strict=True)
    )
    rest = benchmark.votes, benchmark.groups, benchmark.bootstrap
    by_copy = parts_by_copy(private["name"], "official", benchmark.groups)
    return {
        "public_test": both_scores(public, *rest),
        "private_test": {
            part: both_scores(private[rows], *rest)
            for part, rows in whole_parts(private["name"], by_copy)
        },
    }


def adjusted_scores(network, calibration, benchmark):
    """Scores on PrivateTest with `--prior`: the class shares of PublicTest's labels.

    Args:
        network: `Network`.
        calibration: From `calibrate`.
        benchmark: `Benchmark`.

    Returns:
        Dict of kind of label to its scores, with the shares of the same kind.
    """
    given = apply_temperature(network.test, calibration["temperature"])
    public = by_kind(prediction_table(benchmark.validation, network.validation), benchmark.votes)
    scores = {}
    for kind in KINDS:
        adjusted = adjust(given, calibration["prior"], shares(public[kind]["actual"]))
        table = prediction_table(benchmark.test, adjusted)
        rest = benchmark.votes, benchmark.groups, benchmark.bootstrap
        scores[kind] = both_scores(table, *rest)[kind]
    return scores


def labels_of(benchmark):
    """How far the two kinds of labels are apart on PrivateTest: `compare_labels`."""
    nothing = np.zeros((len(benchmark.test), len(CLASSES)))
    return compare_labels(prediction_table(benchmark.test, nothing), benchmark.votes)


def unseen_scores(networks, benchmark):
    """Scores on the faces of PublicTest that no network was trained on, also not `improved`.

    Args:
        networks: Dict of name to `Network`, with `IMPROVED`.
        benchmark: `Benchmark`.

    Returns:
        Dict of name to `ferd.packaged.labels.both_scores`.
    """
    public = benchmark.validation
    rows = np.char.startswith(public.names, "test/")
    rest = benchmark.votes, benchmark.groups, benchmark.bootstrap
    return {
        name: both_scores(prediction_table(public, one.validation)[rows], *rest)
        for name, one in networks.items()
    }
