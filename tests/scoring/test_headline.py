"""ferd.scoring.headline: scores over seeds, and tests between models on the same faces."""

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.scoring.headline import (
    compare_improved,
    package_agreement,
    package_scores,
    seed_scores,
    teachers_work,
    views_averaged,
)
from ferd.scoring.tables import score_table

NAMES = [f"test/happy/{number}.png" for number in range(40)]
GROUPS = pd.Series(range(40), index=NAMES)


def table(right, sure=0.9):
    """Predictions of which the first `right` are right, with probability `sure`."""
    given = np.where(np.arange(len(NAMES)) < right, "happy", "sad")
    found = pd.DataFrame({"name": NAMES, "actual": "happy", "predicted": given})
    for name in CLASSES:
        found[f"p_{name}"] = np.where(given == name, sure, (1 - sure) / 6)
    return found


def test_every_seed_has_its_score_with_an_interval_around_it():
    found = seed_scores({1: table(30), 2: table(20)}, GROUPS, 500, 0)
    assert {key: one["accuracy"] for key, one in found["seeds"].items()} == {"1": 0.75, "2": 0.5}
    for one in found["seeds"].values():
        assert one["low"] < one["accuracy"] < one["high"]
    assert found["spread"]["mean"] == pytest.approx(0.625)


def test_the_average_follows_the_surer_network():
    found = seed_scores({1: table(30, sure=0.6), 2: table(20, sure=0.9)}, GROUPS, 500, 0)
    assert found["average"]["accuracy"] == 0.5


def test_one_seed_has_no_spread_and_no_average():
    assert set(seed_scores({1: table(30)}, GROUPS, 500, 0)) == {"seeds"}


def test_copies_of_one_face_widen_the_interval():
    def width(groups):
        found = score_table(table(20), groups, 2000, 0)
        return found["high"] - found["low"]

    pairs = pd.Series(np.arange(40) // 4, index=NAMES)
    assert width(pairs) > 1.5 * width(GROUPS)


def test_tests_are_of_the_same_faces_whatever_the_order_and_part_of_the_other_table():
    others = {"cnn": table(10).sample(frac=1, random_state=0)}
    parts = {"all": set(NAMES), "first": set(NAMES[:10]), "none": set()}
    found = compare_improved({1: table(30)}, others, parts, GROUPS, 500, 0)
    assert set(found) == {"all", "first"}
    test = found["all"]["improved - cnn"]
    assert (test["only_first"], test["only_second"]) == (20, 0)
    assert test["difference"] == 0.5 and test["p"] == pytest.approx(2 * 0.5**20)
    assert found["first"]["improved - cnn"]["difference"] == 0


def test_an_average_is_compared_with_the_single_network_too():
    tables = {1: table(30, sure=0.6), 2: table(20, sure=0.9)}
    found = compare_improved(tables, {"cnn": table(10)}, {"all": set(NAMES)}, GROUPS, 500, 0)
    assert found["all"]["improved, averaged - improved"]["difference"] == -0.25
    assert set(found["all"]) == {
        *("improved - cnn", "improved, averaged - cnn", "improved, averaged - improved"),
        "improved, seed 2 - cnn",
    }


def test_every_seed_is_tested_and_only_the_first_against_what_is_made_of_it():
    tables = {1: table(30), 2: table(25), 3: table(15)}
    others = {"cnn": table(20), "improved, stack": table(10)}
    found = compare_improved(tables, others, {"all": set(NAMES)}, GROUPS, 500, 0)["all"]
    assert found["improved, seed 2 - cnn"]["difference"] == 0.125
    assert found["improved, seed 3 - cnn"]["difference"] == -0.125
    assert (
        "improved - improved, stack" in found and "improved, seed 2 - improved, stack" not in found
    )


@pytest.mark.parametrize(("views", "count"), [("centre", 1), ("flip", 2), ("ten", 10)])
def test_a_face_is_paid_for_once_a_view(views, count):
    assert views_averaged({"views": views, "crop_size": 44}) == count


def test_teachers_cost_nothing_where_none_is_used():
    sizes = [{"multiply_adds": 5}, {"multiply_adds": 7}]
    assert teachers_work({"distillation": 0.5}, sizes) == 12
    assert teachers_work({"distillation": 0.0}, sizes) == teachers_work({}, sizes) == 0


def test_a_package_that_was_not_scored_on_private_test_is_left_out():
    accuracy = {"ferd": {"crops": 0.7}, "fer": {"crops_private_test": 0.66}}
    assert package_scores({"accuracy": accuracy}) == {"fer": 0.66}


def test_agreement_of_packages_has_their_version_and_no_network_made_here():
    scores = {"by_annotators": 0.7}
    measured = {
        "accuracy": {"ferd_annotators": scores, "fer": scores},
        "facts": {"ferd_annotators": {"version": "this"}, "fer": {"version": "25.1"}},
    }
    assert package_agreement(measured) == {"fer": {"by_annotators": 0.7, "version": "25.1"}}
    assert package_agreement(None) == {}
