"""ferd.report.tables.gpu_comparison: pairs are tested by labels and majority labels; all are
shown."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.report.tables.gpu_comparison import PAIRS, compare, gpu_tables
from ferd.study.base.results import prediction_table

NETWORKS = ("benchmark_fer2013", "compact", "benchmark_gpu", "distilled_gpu", "compact_gpu")
COST = {
    **{"device": "some GPU", "precision": "mixed_bfloat16", "epochs": 60},
    **{"training_seconds": 58.2, "seconds": 70.4},
}


def audit():
    """70 images of Training and 70 of PrivateTest, of which the first ten are copies of some."""
    rows = []
    for part, start in (("train", 0), ("test", 35000)):
        for number in range(70):
            name = f"{start + number}"
            group = number if part == "train" or number < 10 else 1000 + number
            rows.append((part, CLASSES[number % 7], name, group, CLASSES[number % 7], 9))
    columns = ["split", "class", "name", "copy_group", "ferplus", "ferplus_votes"]
    table = pd.DataFrame(rows, columns=columns)
    table.index = table["split"] + "/" + table["class"] + "/" + table["name"]
    return table


def predictions(images, wrong):
    """Predictions that are wrong on every `wrong`-th image."""
    actual = np.array([CLASSES.index(name) for name in images["class"]])
    said = np.where(np.arange(len(actual)) % wrong == 0, (actual + 1) % 7, actual)
    probabilities = np.full((len(actual), 7), 0.05) + 0.65 * np.eye(7)[said]
    return prediction_table(images.index.to_numpy(), actual, said, probabilities)


@pytest.fixture
def tables():
    images = audit()[lambda table: table["split"] == "test"]
    return {name: predictions(images, wrong) for wrong, name in enumerate(NETWORKS, 2)}


def test_every_pair_is_tested_on_every_part_and_by_annotators(tables):
    found = compare(tables, audit(), votes=6, draws=100, seed=0)
    names = {f"{first} - {second}" for first, second in PAIRS}
    assert all(set(found["tests"][part]) == names for part in ("all", "without_copy", "with_copy"))
    test = found["tests"]["all"]["compact_gpu - compact"]
    # Wrong on every sixth of 70 images, 12, and on every third, 24.
    assert test["difference"] == pytest.approx(12 / 70)
    assert set(found["annotators"]["networks"]) == set(NETWORKS)
    assert found["annotators"]["clear"] == {"faces": 70, "contradicted": 0}


def test_without_annotators_in_the_audit_there_are_none_in_the_tables(tables):
    found = compare(tables, audit().drop(columns="ferplus"), votes=6, draws=100, seed=0)
    assert found["annotators"] == {}
    assert len(gpu_tables(found | {"costs": {"compact_gpu/1": COST}})) == 3


def test_tables_hold_costs_differences_and_annotators(tables):
    found = compare(tables, audit(), votes=6, draws=100, seed=0)
    costs, _, labels, _, annotators, _, matched = gpu_tables(
        found | {"costs": {"compact_gpu/1": COST}}
    )
    assert "| `compact_gpu/1` | some GPU | mixed_bfloat16 | 60 | 58 | 70 |" in costs
    assert "| compact_gpu minus compact | +17.14, p " in labels
    assert "accuracy on 70 clear faces" in annotators and "compact_gpu minus compact" in matched
