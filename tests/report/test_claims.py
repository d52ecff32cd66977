"""ferd.report.claims: verdicts follow from the statistical tests."""

import pytest

from ferd.report import claims
from ferd.scoring.evaluation import PAIRS

ENTRY = {"low": -0.01, "high": 0.03, "only_first": 5, "only_second": 3, "p": 0.0002}


@pytest.mark.parametrize(
    ("difference", "p", "sign", "expected"),
    [
        (0.02, 0.01, 1, "reproduced"),
        (0.02, 0.01, -1, "not reproduced"),
        (-0.02, 0.01, -1, "reproduced"),
        (0.02, 0.05, 1, "not decidable"),
        (0.0, 0.01, 1, "not decidable"),
    ],
)
def test_verdict_needs_the_claimed_sign_and_chance_ruled_out(difference, p, sign, expected):
    assert claims.verdict({"difference": difference, "p_holm": p}, sign) == expected


def test_every_claim_is_about_a_pair_that_is_tested():
    pairs = {f"{first} - {second}" for first, second in PAIRS}
    assert {pair for _, pair, _ in claims.CLAIMS} <= pairs


def test_claims_have_a_verdict_per_part_with_the_figures_that_decide():
    entry = {**ENTRY, "difference": 0.0124, "p_holm": 0.0007}
    table = claims.claims_table({"detected": {"soft vote - cnn": entry}, "without_copy": {}})
    row = "| Voting is better than the CNN. | reproduced (+1.24 points, p = 0.0007) | not run |"
    assert row in table.splitlines()


def test_seeds_decide_a_claim_whichever_of_the_two_networks_it_praises():
    worse, better = ({"detected": {"difference": d, "p_holm": 0.01}} for d in (-0.02, 0.02))
    found = {"ablation_cbam": worse, "ablation_uncropped": better}
    rows = claims.seed_claims_table(found).splitlines()[2:]
    crop, cbam = rows
    assert crop.startswith("| Cropping helps") and cbam.startswith("| CBAM lowers")
    assert "`ablation_uncropped` minus `train` | not reproduced (+2.00 points" in crop
    assert "`ablation_cbam` minus `train` | reproduced (-2.00 points" in cbam


def test_without_seeds_of_a_rival_there_is_no_table_of_claims_by_seed():
    assert claims.seed_claims_table({}) is None
