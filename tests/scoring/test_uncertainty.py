"""ferd.scoring.uncertainty: intervals cover, groups widen them, tests match hand results."""

import numpy as np
import pytest
from scipy.stats import binom

from ferd.scoring.uncertainty import (
    accuracy_interval,
    bootstrap_means,
    compare_pairs,
    with_holm,
)

ALONE = np.arange(1000)


def test_interval_is_the_binomial_one_where_every_face_is_a_group_of_its_own():
    right = np.arange(1000) < 670
    low, high = accuracy_interval(right, ALONE, draws=4000, seed=1)
    expected = binom.ppf([0.025, 0.975], 1000, 0.67) / 1000
    assert [low, high] == pytest.approx(expected, abs=0.004)


def test_copies_in_one_group_widen_the_interval_as_fewer_faces_would():
    right = np.repeat(np.arange(250) % 3 > 0, 4)
    low, high = accuracy_interval(right, ALONE, draws=2000, seed=1)
    wide_low, wide_high = accuracy_interval(right, ALONE // 4, draws=2000, seed=1)
    assert (wide_high - wide_low) / (high - low) == pytest.approx(2, abs=0.15)


def test_interval_covers_the_truth_19_times_in_20():
    generator, covered = np.random.default_rng(5), 0
    for seed in range(200):
        low, high = accuracy_interval(generator.random(300) < 0.7, ALONE[:300], 400, seed)
        covered += low <= 0.7 <= high
    assert 180 <= covered <= 198


def test_same_seed_same_interval_and_numbers_of_groups_do_not_matter():
    right = ALONE % 3 > 0
    first = accuracy_interval(right, ALONE // 2, 100, 7)
    assert first == accuracy_interval(right, 10 * (ALONE // 2) + 5, 100, 7)
    assert first != accuracy_interval(right, ALONE // 2, 100, 8)


def test_one_sample_serves_all_columns():
    column = np.random.default_rng(0).random(50)
    means = bootstrap_means(np.stack([column, 1 - column], axis=1), ALONE[:50], 30, 0)
    assert means.sum(axis=1) == pytest.approx(1)
    assert means[:, 0].std() > 0


def test_mcnemar_is_the_exact_binomial_test_of_the_faces_on_which_two_models_differ():
    a, b = np.zeros(100, bool), np.zeros(100, bool)
    a[:50], b[10:53] = True, True  # 10 that only a has right, 3 that only b has
    entry = compare_pairs({"a": a, "b": b}, ALONE[:100], [("a", "b")], 500, 0)["a - b"]
    assert (entry["only_first"], entry["only_second"]) == (10, 3)
    assert entry["difference"] == pytest.approx(0.07)
    assert entry["p"] == pytest.approx(2 * binom.cdf(3, 13, 0.5))
    # Each face is a group of its own.
    assert entry["p_groups"] == pytest.approx(entry["p"])
    assert entry["p_holm"] == entry["p"] and entry["p_groups_holm"] == entry["p_groups"]
    assert entry["low"] < 0.07 < entry["high"]


def test_holm_multiplies_the_smallest_p_by_the_number_of_pairs_and_never_passes_1():
    truth = np.ones(200, bool)
    worse, slightly = truth.copy(), truth.copy()
    worse[:12], slightly[:7] = False, False
    models = {"truth": truth, "worse": worse, "slightly": slightly}
    pairs = [("truth", "worse"), ("truth", "slightly"), ("slightly", "worse")]
    result = compare_pairs(models, ALONE[:200], pairs, 50, 0)
    assert result["truth - worse"]["p_holm"] == pytest.approx(3 * 2 * 0.5**12)
    assert result["truth - slightly"]["p_holm"] == pytest.approx(2 * 2 * 0.5**7)
    assert result["slightly - worse"]["p_holm"] == pytest.approx(2 * 0.5**5)
    assert result["truth - worse"]["p_groups_holm"] == pytest.approx(3 * 2 * 0.5**12)


def test_copies_in_one_group_are_as_little_evidence_as_one_face():
    truth, worse = np.ones(200, bool), np.ones(200, bool)
    worse[:12] = False
    models, pairs = {"truth": truth, "worse": worse}, [("truth", "worse")]
    entry = compare_pairs(models, ALONE[:200] // 2, pairs, 50, 0)["truth - worse"]
    assert entry["p"] == pytest.approx(2 * 0.5**12)
    assert entry["p_groups"] == entry["p_groups_holm"] == pytest.approx(2 * 0.5**6)


def test_without_pairs_there_is_nothing_to_correct():
    assert compare_pairs({"a": np.ones(3, bool)}, ALONE[:3], [], 50, 0) == {}
    assert with_holm({}, "p") == {}


def test_two_models_that_never_differ_are_not_told_apart():
    same = ALONE[:40] % 2 > 0
    entry = compare_pairs({"a": same, "b": same}, ALONE[:40], [("a", "b")], 50, 0)["a - b"]
    assert entry["p"] == 1 and entry["low"] == entry["high"] == 0
