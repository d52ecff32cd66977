"""ferd.scoring.group_tests: exact tests over groups and seeds, against libraries and counting."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar

from ferd.scoring.group_tests import (
    cluster_variance,
    paired_permutation_bound,
    permutation_bound,
    sign_flip_test,
)


def counted(totals):
    """The p of a sign-flip test by going through all signs."""
    sums = [np.dot(signs, totals) for signs in product([-1, 1], repeat=len(totals))]
    return np.mean(np.abs(sums) >= abs(sum(totals)))


@pytest.mark.parametrize("seed", range(30))
def test_single_faces_give_mcnemars_exact_test(seed):
    generator = np.random.default_rng(seed)
    faces = int(generator.integers(1, 400))
    changes = generator.choice([-1, 0, 1], faces, p=generator.dirichlet(np.ones(3)))
    table = [[0, int((changes > 0).sum())], [int((changes < 0).sum()), 0]]
    assert sign_flip_test(changes, np.arange(faces)) == pytest.approx(
        mcnemar(table, exact=True).pvalue, rel=1e-9
    )


@pytest.mark.parametrize("seed", range(20))
def test_groups_give_the_share_of_all_signs(seed):
    generator = np.random.default_rng(seed)
    groups = generator.integers(0, 10, 40)
    changes = generator.integers(-3, 4, 40) * generator.integers(1, 4)
    totals = [changes[groups == group].sum() for group in set(groups)]
    assert sign_flip_test(changes, groups) == pytest.approx(counted(totals))


def test_faces_flipped_as_a_group_are_weaker_evidence_than_faces_alone():
    changes = np.ones(10, int)
    assert sign_flip_test(changes, np.arange(10)) == pytest.approx(2 / 2**10)
    assert sign_flip_test(changes, np.arange(10) // 5) == pytest.approx(2 / 2**2)
    assert sign_flip_test(changes, np.zeros(10, int)) == 1


def test_no_change_and_a_balance_of_changes_are_no_evidence():
    assert sign_flip_test([0, 0, 0], [0, 1, 2]) == 1
    assert sign_flip_test([3, -2, -1], [0, 1, 2]) == 1


def test_changes_multiplied_or_reversed_or_in_another_order_give_the_same_p():
    generator = np.random.default_rng(0)
    changes, groups = generator.integers(-2, 4, 300), generator.integers(0, 150, 300)
    p, order = sign_flip_test(changes, groups), generator.permutation(300)
    assert 0 < p < 1
    assert sign_flip_test(-15 * changes, groups) == p
    assert sign_flip_test(changes[order], groups[order]) == pytest.approx(p, rel=1e-12)


def test_many_groups_with_large_totals_agree_with_the_normal_distribution():
    generator = np.random.default_rng(1)
    changes = generator.integers(-7, 8, 600)
    changes[:30] = np.abs(changes[:30])
    score = abs(changes.sum()) / np.sqrt((changes**2).sum())
    assert 0.5 < score < 4
    assert sign_flip_test(changes, np.arange(600)) == pytest.approx(
        2 * stats.norm.sf(score), rel=0.05
    )


def test_changes_that_are_not_integers_or_lack_groups_are_an_error():
    with pytest.raises(ValueError, match="needs integers"):
        sign_flip_test([0.5, 1], [0, 1])
    with pytest.raises(ValueError, match="groups of shape"):
        sign_flip_test([1, 1], [0, 1, 2])


def test_the_variance_of_single_faces_is_that_of_a_mean():
    values = np.random.default_rng(2).normal(size=50)
    assert cluster_variance(values, np.arange(50)) == pytest.approx(values.var(ddof=1) / 50)


def test_the_variance_over_groups_is_statsmodels_cluster_robust_one():
    generator = np.random.default_rng(3)
    groups = generator.integers(0, 20, 100)
    values = generator.normal(size=20)[groups] + generator.normal(size=100)
    # Its correction for a regression with one coefficient is G / (G - 1) * (n - 1) / (n - 1).
    fitted = OLS(values, np.ones(100)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert cluster_variance(values, groups) == pytest.approx(fitted.cov_params()[0, 0])
    assert cluster_variance(values, groups) > 2 * cluster_variance(values, np.arange(100))


def test_one_group_has_no_variance():
    with pytest.raises(ValueError, match="two groups or more, not 1"):
        cluster_variance([1, 2], [5, 5])


def test_three_seeds_against_three_give_a_tenth_at_least():
    assert permutation_bound([3, 4, 5], [0, 1, 2]) == {"p": 0.1, "least": 0.1}
    assert permutation_bound([0.7, 0.7, 0.7], [0.7, 0.7]) == {"p": 1, "least": 0.1}
    assert permutation_bound([1, 2, 3], [9]) == {"p": 0.25, "least": 0.25}


@pytest.mark.parametrize("sizes", [(2, 3), (3, 3), (4, 2), (1, 5), (5, 5)])
def test_a_permutation_p_is_the_share_of_all_splits(sizes):
    generator = np.random.default_rng(sum(sizes))
    first, second = (generator.integers(0, 6, size) / 10 for size in sizes)
    pooled, differences = [*first, *second], []
    for taken in combinations(range(len(pooled)), len(first)):
        rest = [pooled[place] for place in range(len(pooled)) if place not in taken]
        differences.append(abs(np.mean([pooled[place] for place in taken]) - np.mean(rest)))
    share = np.mean(np.array(differences) >= abs(first.mean() - second.mean()) - 1e-9)
    found = permutation_bound(first, second)
    assert found["p"] == pytest.approx(share) and found["least"] <= found["p"]
    assert permutation_bound(second, first) == pytest.approx(found)


def test_three_pairs_give_a_quarter_at_least():
    assert paired_permutation_bound([0.1, 0.3, 0.2]) == {"p": 0.25, "least": 0.25}
    assert paired_permutation_bound([0.1, -0.3, 0.2])["p"] == 1
    assert paired_permutation_bound([0.4]) == {"p": 1, "least": 1}


@pytest.mark.parametrize("seed", range(5))
def test_a_paired_p_is_the_share_of_all_signs(seed):
    changes = np.random.default_rng(seed).integers(-3, 9, 7)
    assert paired_permutation_bound(changes / 10)["p"] == pytest.approx(counted(changes))


def test_a_side_without_seeds_or_with_too_many_to_split_is_an_error():
    for first, second in [([], [1, 2]), ([1, 2], []), (range(13), range(12))]:
        with pytest.raises(ValueError, match="each side needs one"):
            permutation_bound(first, second)
    for changes in ([], range(25)):
        with pytest.raises(ValueError, match="needs 1 to 24 seeds"):
            paired_permutation_bound(changes)
