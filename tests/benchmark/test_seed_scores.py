"""ferd.benchmark.seed_scores: a network of FER+'s own benchmark over its seeds, and averaged."""

import numpy as np
import pytest
from scipy import stats

from ferd.benchmark.ferplus_scores import private_test_scores
from ferd.benchmark.seed_scores import averaged, network_scores, over_seeds
from tests.helpers.ferplus_tables import COLUMNS, groups, predictions

VIEWS = ("centre", "ten")


def tables_of(seeds):
    """Predictions of each seed, by views and part; more views are right more often."""
    return {
        views: {
            part: [predictions(60, 10 * seed + number, 0.6 + 0.2 * number) for seed in seeds]
            for part in ("validation", "test")
        }
        for number, views in enumerate(VIEWS)
    }


def runs_of(tables, count):
    """metrics/details of each run."""
    found = []
    for seed in range(count):
        test = {
            views: private_test_scores(parts["test"][seed], groups(), 50, 1)
            for views, parts in tables.items()
        }
        accuracy = {views: {"accuracy": 0.5 + seed / 10} for views in VIEWS}
        sizes = {"parameters": 9, "multiply_adds": 1000, "faces": {"train": 3}}
        found.append({**sizes, "validation": accuracy, "test": test})
    return found


def test_the_mean_over_seeds_has_students_interval_and_the_average_is_scored_as_a_network():
    tables = tables_of(range(3))
    runs = runs_of(tables, 3)
    scores = network_scores(runs, tables, groups(), 50, 1)
    assert scores["seeds"] == 3 and scores["multiply_adds"] == 1000
    for views in VIEWS:
        found = scores["views"][views]
        accuracies = [one["test"][views]["without_copy"]["accuracy"] for one in runs]
        part = found["without_copy"]
        assert part["accuracy"] == pytest.approx(np.mean(accuracies)) and part["faces"] == 40
        reach = stats.t.ppf(0.975, 2) * stats.sem(accuracies)
        assert part["high"] - part["accuracy"] == pytest.approx(reach)
        recalls = [one["test"][views]["all"]["per_class"]["sad"]["recall"] for one in runs]
        sad = found["all"]["per_class"]["sad"]
        assert sad == {"recall": pytest.approx(np.mean(recalls)), "support": 8}
        assert found["validation"] == pytest.approx(0.6)
        together = averaged(tables[views]["test"])
        right = (together["actual"] == together["predicted"]).mean()
        assert found["average"]["all"]["accuracy"] == pytest.approx(right)
        validation = averaged(tables[views]["validation"])
        right = (validation["actual"] == validation["predicted"]).mean()
        assert found["average"]["validation"] == pytest.approx(right)


def test_one_seed_keeps_its_own_interval_and_has_no_average():
    tables = tables_of([0])
    (run,) = runs_of(tables, 1)
    scores = network_scores([run], tables, groups(), 50, 1)
    assert scores["seeds"] == 1
    found, own = scores["views"]["ten"], run["test"]["ten"]["all"]
    assert "average" not in found and "sd" not in found["all"]
    for key in ("accuracy", "low", "high", "balanced_accuracy", "macro_f1"):
        assert found["all"][key] == pytest.approx(own[key])


def test_two_equal_seeds_have_no_spread():
    (run,) = runs_of(tables_of([0]), 1)
    part = run["test"]["ten"]["all"]
    assert over_seeds([part, part])["sd"] == 0


def test_an_average_is_of_probabilities_of_the_same_images():
    first, second = predictions(4), predictions(4)
    first[COLUMNS] = second[COLUMNS] = 0.0
    first[["p_happy", "p_sad"]] = 0.6, 0.4
    second["p_sad"] = 1.0
    assert list(averaged([first, second])["predicted"]) == ["sad"] * 4
    with pytest.raises(ValueError, match="different images"):
        averaged([first, second.iloc[::-1].reset_index(drop=True)])
