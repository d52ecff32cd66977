"""The stage score: which numbers it writes of a training's predictions, by scikit-learn's."""

from pathlib import Path

import pandas as pd
import pytest
from sklearn import metrics

from ferd.classes import CLASSES
from stages import score
from tests.helpers.small_results import (
    CNN,
    FACES,
    RECIPE,
    expected,
    predictions,
    without_copies,
    write_study,
    write_training,
)
from tests.helpers.small_study import read, write_params


@pytest.fixture(autouse=True)
def study(empty_folder):
    write_study()


def test_a_network_s_row_is_what_scikit_learn_gives_for_its_predictions():
    write_training("train", CNN, predictions(1))
    score.main("train", None)
    table = pd.read_csv("data/train/results/predictions.csv")
    known = {"validation_accuracy": 0.625, "parameters": 5}
    known["accuracy_without_copies"] = without_copies(table)
    row = read("metrics/train.json")
    assert row == pytest.approx(expected(table) | known, abs=2e-6)
    assert len(row) <= 12 and row["accuracy"] != row["accuracy_without_copies"]


def test_details_hold_what_the_training_knew_and_all_scores():
    write_training("train", CNN, predictions(1))
    score.main("train", None)
    found, table = read("metrics/details/train.json"), predictions(1)
    assert set(found) == {*CNN, "test"} and {key: found[key] for key in CNN} == CNN
    report = metrics.classification_report(
        table["actual"], table["predicted"], output_dict=True, zero_division=0
    )
    for name in CLASSES:
        ours, theirs = found["test"]["per_class"][name], report[name]
        assert ours["support"] == theirs["support"]
        assert ours["f1"] == pytest.approx(theirs["f1-score"], abs=1e-6)
    assert read("metrics/cost/train.json")["machine"] == "small"


def test_a_network_of_whole_images_is_scored_on_detected_faces_and_on_all():
    table = write_training("train", CNN, predictions(1), predictions(2, found=False))
    score.main("train", None)
    found = read("metrics/details/train.json")
    for part, rows in (("test", table[:FACES]), ("test_all", table)):
        right = (rows["actual"] == rows["predicted"]).mean()
        assert found[part]["faces"] == len(rows)
        assert found[part]["accuracy"] == pytest.approx(right, abs=1e-6)
    assert read("metrics/train.json")["faces"] == FACES
    rows = table[:FACES]
    alone = read("metrics/train.json")["accuracy_without_copies"]
    assert alone == pytest.approx(without_copies(rows), abs=1e-6)


def test_the_confusion_matrix_counts_every_pair_and_the_predictions_are_kept():
    write_training("train", CNN, predictions(1))
    score.main("train", None)
    table = pd.read_csv("plots/train/confusion.csv")
    matrix = metrics.confusion_matrix(*(predictions(1)[key] for key in ("actual", "predicted")))
    order = [sorted(CLASSES).index(name) for name in CLASSES]
    assert table["faces"].tolist() == matrix[order][:, order].ravel().tolist()
    assert set(zip(table["actual"], table["predicted"], strict=True)) == {
        (one, other) for one in CLASSES for other in CLASSES
    }
    kept = Path("plots/train/predictions.csv").read_bytes()
    assert kept == Path("data/train/results/predictions.csv").read_bytes()


def test_a_recipe_s_parts_are_its_images_with_and_without_a_copy():
    table = write_training("improved/3", RECIPE, predictions(1))
    write_params(improved={"views": "flip"})
    score.main("improved/3", "improved")
    row, found = read("metrics/improved/3.json"), read("metrics/details/improved/3.json")
    known = {"validation_accuracy": 0.5, "parameters": 7}
    known["accuracy_without_copies"] = without_copies(table)
    assert row == pytest.approx(expected(table) | known, abs=2e-6)
    assert set(found) == {*RECIPE, "test", "classes"}
    parts = found["test"]
    assert parts["all"]["accuracy"] == row["accuracy"] == found["classes"]["accuracy"]
    assert parts["without_copy"]["accuracy"] == row["accuracy_without_copies"]
    assert parts["with_copy"]["faces"] + parts["without_copy"]["faces"] == FACES
    assert parts["all"]["low"] <= parts["all"]["accuracy"] <= parts["all"]["high"]


def test_a_search_of_the_paper_s_network_has_no_test_score():
    write_training("train_search", CNN, predictions(1))
    score.main("train_search", None)
    row = {"validation_accuracy": 0.625, "parameters": 5}
    assert read("metrics/train_search.json") == row
    assert read("metrics/details/train_search.json") == CNN


def test_a_search_has_no_test_score():
    write_training("search/3", RECIPE, predictions(1))
    score.main("search/3", "search")
    assert read("metrics/search/3.json") == {"validation_accuracy": 0.5, "parameters": 7}
    assert read("metrics/details/search/3.json") == RECIPE
