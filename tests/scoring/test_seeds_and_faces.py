"""ferd.scoring.seeds_and_faces: intervals cover the truth over new seeds and new faces."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import balanced_accuracy_score

from ferd.scoring.group_tests import cluster_variance, sign_flip_test
from ferd.scoring.seeds_and_faces import (
    balanced_accuracy_difference,
    mean_accuracy,
    mean_difference,
)
from ferd.scoring.variance_parts import seeds_part

RATE, DROP = 0.7, 0.02


def simulated(generator, faces=300, seeds=3, seed_sd=0.04, paired=False):
    """Two recipes, right in 70% and 68%, over groups of faces that are hard or easy together."""
    groups = generator.integers(0, faces // 2, faces)
    ease = generator.choice([-0.2, 0.2], faces // 2)[groups]
    luck = generator.normal(0, seed_sd, (2, seeds, 1))
    if paired:
        luck[1] = luck[0] + generator.normal(0, seed_sd, (seeds, 1))
    rates = np.array([RATE, RATE - DROP])[:, None, None] + ease + luck
    first, second = generator.random(rates.shape) < rates
    return first, second, groups


def coverage(compute, truth, repetitions=300, **settings):
    generator = np.random.default_rng(0)
    found = [compute(*simulated(generator, **settings)) for _ in range(repetitions)]
    return np.mean([one["low"] <= truth <= one["high"] for one in found])


# Over 300 repetitions a coverage of 0.95 has a standard error of 0.013.
@pytest.mark.parametrize("seeds", [3, 5])
def test_the_interval_of_an_accuracy_covers_the_truth_as_often_as_it_says(seeds):
    share = coverage(lambda a, b, groups: mean_accuracy(a, groups), RATE, seeds=seeds)
    assert 0.92 <= share <= 0.985


def test_an_interval_over_faces_alone_covers_other_seeds_too_seldom():
    def one_run(first, second, groups):
        return mean_accuracy(first[:1], groups)

    assert coverage(one_run, RATE) < 0.85
    assert 0.92 <= coverage(one_run, RATE, seed_sd=0) <= 0.98


@pytest.mark.parametrize("paired", [False, True])
def test_the_interval_of_a_difference_covers_the_truth_as_often_as_it_says(paired):
    def compute(first, second, groups):
        return mean_difference(first, second, groups, paired)

    # Of seeds that do not differ the variance is still never estimated below 0.
    for seed_sd in (0.04, 0.01, 0):
        assert 0.92 <= coverage(compute, DROP, paired=paired, seed_sd=seed_sd) <= 0.99


def test_the_interval_of_a_difference_of_macro_recalls_covers_the_truth():
    generator = np.random.default_rng(1)
    hits, p_values = [], []
    for _ in range(300):
        groups = generator.integers(0, 150, 300)
        actual = generator.choice(3, 150, p=[0.7, 0.2, 0.1])[groups]
        rates = np.array([0.9, 0.6, 0.4])[actual] + generator.choice([-0.1, 0.1], 150)[groups]
        luck = generator.normal(0, 0.04, (2, 3, 1))
        right = generator.random((2, 3, 300)) < rates + luck
        first, second = np.where(right, actual, (actual + 1) % 3)
        found = balanced_accuracy_difference(actual, first, second, groups, paired=False)
        hits.append(found["low"] <= 0 <= found["high"])
        p_values.append(found["p"])
    assert 0.92 <= np.mean(hits) <= 0.99
    assert np.array_equal(np.array(p_values) >= 0.05, hits)


def test_the_linearized_macro_recall_varies_as_in_a_bootstrap_of_groups():
    generator = np.random.default_rng(11)
    groups = np.repeat(np.arange(150), 2)
    actual = generator.choice(3, 150, p=[0.7, 0.2, 0.1])[groups]
    # The recipes differ by class, so it matters that the mean of each class is taken off.
    rates = np.array([[0.9, 0.5, 0.2], [0.3, 0.5, 0.9]])[:, actual]
    right = generator.random(rates.shape) < rates
    first, second = np.where(right, actual, (actual + 1) % 3)[:, None]
    found = balanced_accuracy_difference(actual, first, second, groups, paired=False)
    changes, drawn = right[0].astype(float) - right[1], []
    for _ in range(2000):
        faces = 2 * generator.integers(150, size=150)
        faces = np.concatenate([faces, faces + 1])
        drawn.append(np.mean([changes[faces[actual[faces] == k]].mean() for k in range(3)]))
    reach = stats.t.ppf(0.975, 149) * np.std(drawn)
    assert (found["high"] - found["low"]) / 2 == pytest.approx(reach, rel=0.08)


def test_the_accuracys_interval_is_built_of_the_seeds_and_the_faces_variance():
    right, _, groups = simulated(np.random.default_rng(2))
    found, scores = mean_accuracy(right, groups), right.mean(axis=1)
    over_seeds, over_faces = scores.var(ddof=1) / 3, cluster_variance(right.mean(axis=0), groups)
    rest = right - right.mean(axis=0) - scores[:, None] + right.mean()
    both = sum(cluster_variance(row, groups) for row in rest) / 9 * 3 / 2
    assert 0 < both < over_seeds
    variance = over_seeds - both + over_faces
    freedom = variance**2 / (over_seeds**2 / 2 + over_faces**2 / (len(set(groups)) - 1))
    reach = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    assert found["seeds"] == 3 and found["faces"] == 300
    assert found["mean"] == pytest.approx(right.mean())
    assert found["sd"] == pytest.approx(scores.std(ddof=1))
    assert [found["low"], found["high"]] == pytest.approx(
        [right.mean() - reach, right.mean() + reach]
    )


def test_chance_by_seed_and_face_is_not_counted_twice():
    generator = np.random.default_rng(12)
    groups, parts, totals = np.arange(2000) // 2, [], []
    for _ in range(40):
        right = (generator.random((6, 2000)) < RATE).astype(float)
        scores = right.mean(axis=1)
        parts.append(seeds_part(scores, right, groups)[0])
        totals.append(scores.var(ddof=1) / 6)
    # About half of the estimates of a variance that is 0 are above it.
    assert 5 <= np.count_nonzero(parts) <= 35 and np.mean(parts) < np.mean(totals) / 3


def test_what_differs_by_seed_alone_is_kept_whole():
    values = np.array([0.1, 0.2, 0.6])[:, None] + np.random.default_rng(13).random(50)
    scores = values.mean(axis=1)
    part, uncertainty = seeds_part(scores, values, np.arange(50) // 2)
    assert part == pytest.approx(scores.var(ddof=1) / 3)
    assert uncertainty == pytest.approx(part**2 / 2)


def test_one_seed_has_no_spread_and_says_so():
    first, second, groups = simulated(np.random.default_rng(3))
    assert set(mean_accuracy(first[:1], groups)) == {"seeds", "faces", "mean", "low", "high"}
    found = mean_difference(first, second[:1], groups, paired=False)
    assert found["one_run"] == 1 and (found["first_seeds"], found["second_seeds"]) == (3, 1)
    assert "p_seeds" not in found and 0 < found["p_faces"] <= 1
    both = mean_difference(first, second, groups, paired=False)
    assert "one_run" not in both and "p_seeds" in both


def test_seeds_tests_are_the_welch_and_the_paired_t_test():
    first, second, groups = simulated(np.random.default_rng(4), seeds=4)
    scores = first.mean(axis=1), second.mean(axis=1)
    apart = mean_difference(first, second[:3], groups, paired=False)
    welch = stats.ttest_ind(scores[0], scores[1][:3], equal_var=False)
    assert apart["p_seeds"] == pytest.approx(welch.pvalue)
    assert apart["least_permutation_p"] == 1 / 35
    pairs = mean_difference(first, second, groups, paired=True)
    assert pairs["p_seeds"] == pytest.approx(stats.ttest_rel(*scores).pvalue)
    assert pairs["least_permutation_p"] == 2 / 16 and pairs["p_permutation"] >= 2 / 16


def test_the_test_over_faces_weighs_unequal_numbers_of_seeds():
    first, second, groups = simulated(np.random.default_rng(5))
    found = mean_difference(first, second[:2], groups, paired=False)
    totals = 2 * first.sum(axis=0) - 3 * second[:2].sum(axis=0)
    assert found["p_faces"] == sign_flip_test(totals, groups)
    thrice = mean_difference(first[[0, 0, 0]], second[[0, 0]], groups, paired=False)
    once = mean_difference(first[:1], second[:1], groups, paired=False)
    assert thrice["p_faces"] == once["p_faces"]


@pytest.mark.parametrize("paired", [False, True])
def test_swapped_sides_flip_the_signs_and_the_order_of_faces_changes_nothing(paired):
    generator = np.random.default_rng(6)
    first, second, groups = simulated(generator)
    order = generator.permutation(len(groups))
    found = mean_difference(first, second, groups, paired)
    swapped = mean_difference(second, first, groups, paired)
    other = mean_difference(first[:, order], second[:, order], groups[order], paired)
    assert swapped == pytest.approx(
        found | {"difference": -found["difference"], "low": -found["high"], "high": -found["low"]}
    )
    assert other == pytest.approx(found)


def test_the_difference_of_macro_recalls_is_scikit_learns_and_flips_with_the_sides():
    generator = np.random.default_rng(7)
    actual, groups = generator.choice(7, 200), generator.integers(0, 90, 200)
    first, second = (
        np.where(generator.random((3, 200)) < rate, actual, generator.choice(7, (3, 200)))
        for rate in (0.7, 0.6)
    )
    expected = np.mean([balanced_accuracy_score(actual, one) for one in first]) - np.mean(
        [balanced_accuracy_score(actual, one) for one in second]
    )
    found = balanced_accuracy_difference(actual, first, second, groups, paired=True)
    swapped = balanced_accuracy_difference(actual, second, first, groups, paired=True)
    order = generator.permutation(200)
    other = balanced_accuracy_difference(
        actual[order], first[:, order], second[:, order], groups[order], paired=True
    )
    assert found["difference"] == pytest.approx(expected)
    assert swapped["low"] == pytest.approx(-found["high"]) and swapped["p"] == found["p"]
    assert other == pytest.approx(found)


def test_recipes_that_never_differ_have_no_interval_and_no_evidence():
    right, _, groups = simulated(np.random.default_rng(9))
    found = mean_difference(right, right, groups, paired=True)
    assert found["difference"] == found["low"] == found["high"] == 0
    assert found["p_faces"] == found["p_seeds"] == found["p_permutation"] == 1
    # Each seed gains the same: the t-test would divide by 0, or by a rounding error.
    worse = right.copy()
    for row in worse:
        row[np.flatnonzero(row)[:7]] = False
    assert mean_difference(right, worse, groups, paired=True)["p_seeds"] == 0


def test_shapes_that_do_not_match_are_an_error():
    first, second, groups = simulated(np.random.default_rng(10))
    with pytest.raises(ValueError, match="is not \\(seeds, faces\\) of 300 faces"):
        mean_accuracy(first[0], groups)
    with pytest.raises(ValueError, match="is not \\(seeds, faces\\) of 299 faces"):
        mean_difference(first, second, groups[1:], paired=False)
    with pytest.raises(ValueError, match="3 and 2 seeds are not pairs"):
        mean_difference(first, second[:2], groups, paired=True)
    with pytest.raises(ValueError, match="needs integers"):
        mean_difference(first * 0.3, second, groups, paired=False)
