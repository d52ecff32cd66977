"""ferd.report.claims: verdicts follow from the intervals and the statistical tests."""

import pytest

from ferd.report import claims
from ferd.scoring.claim_list import CLAIMS
from ferd.scoring.paired_tests import PAIRS

ENTRY = {"low": -0.01, "high": 0.03, "only_first": 5, "only_second": 3, "p": 0.0002}
REPRODUCED, NOT, UNDECIDED = "reproduced", "not reproduced", "not decidable at this size"


@pytest.mark.parametrize(
    ("low", "high", "p", "sign", "least", "expected"),
    [
        (0.01, 0.03, 0.01, 1, 0, REPRODUCED),
        (-0.03, -0.01, 0.01, -1, 0, REPRODUCED),
        (0.01, 0.03, 0.06, 1, 0, UNDECIDED),
        (-0.01, 0.03, 0.01, 1, 0, UNDECIDED),
        (0.01, 0.03, 0.01, -1, 0, NOT),
        (-0.03, -0.01, 0.01, 1, 0, NOT),
        (-0.03, -0.01, 0.06, 1, 0, UNDECIDED),
        (0.035, 0.06, 0.01, 1, 0.03, REPRODUCED),
        (0.02, 0.04, 0.01, 1, 0.03, UNDECIDED),
        (0.01, 0.02, 0.01, 1, 0.03, NOT),
        (-0.01, 0.02, 0.9, 1, 0.03, NOT),
        (-0.06, -0.035, 0.01, -1, 0.03, REPRODUCED),
        (-0.02, 0.01, 0.9, -1, 0.03, NOT),
    ],
)
def test_verdict_needs_the_whole_interval_and_chance_ruled_out(low, high, p, sign, least, expected):
    entry = {"low": low, "high": high, "p_faces_holm": p}
    assert claims.verdict(entry, sign, least) == expected


def test_every_claim_is_about_a_pair_that_is_tested():
    pairs = {f"{first} - {second}" for first, second in PAIRS}
    assert {claim.pair for claim in CLAIMS} <= pairs


def test_each_family_has_a_column_and_a_single_run_is_named():
    entry = {"difference": 0.0124, "low": 0.0044, "high": 0.0203, "p_faces_holm": 0.02}
    once = entry | {"one_run": 1, "p_faces_holm": 0.06}
    found = {
        "letter": {"detected": {"claims": {"soft vote - cnn": entry}}},
        "cosine": {"detected": {"claims": {"soft vote - cnn": once}}},
    }
    head, _, row, *others = claims.verdict_table(found).splitlines()
    assert head.count("|") == 5
    assert row == (
        "| Voting is better than the CNN. | +0.41 | +1.24 (+0.44 to +2.03), reproduced | "
        "+1.24 (+0.44 to +2.03), not decidable at this size (one run) |"
    )
    assert len(others) == len(CLAIMS) - 1 and all(other.count("not run") == 2 for other in others)


def test_cropping_must_gain_what_the_paper_claims_and_not_only_something():
    entry = {"difference": 0.015, "low": 0.01, "high": 0.02, "p_faces_holm": 0.001}
    found = {"cosine": {"detected": {"claims": {"cnn - cnn, whole images": entry}}}}
    (row,) = (row for row in claims.verdict_table(found).splitlines() if "Cropping" in row)
    assert row.endswith("| more than 3 | not run | +1.50 (+1.00 to +2.00), not reproduced |")


def test_balanced_accuracy_decides_on_smote():
    balanced = {"difference": 0.016, "low": 0.005, "high": 0.028, "one_run": 1, "p_holm": 0.03}
    entry = {"difference": -0.003, "low": -0.008, "high": 0.003, "p_faces_holm": 1, "one_run": 1}
    pair = "soft vote - soft vote, no SMOTE"
    found = {"cosine": {"detected": {"claims": {pair: entry | {"balanced": balanced}}}}}
    (row,) = (row for row in claims.verdict_table(found).splitlines() if "SMOTE helps vot" in row)
    assert row == (
        "| SMOTE helps voting (balanced accuracy). | higher | not run | "
        "+1.60 (+0.50 to +2.80), reproduced (one run) |"
    )


def test_the_section_has_a_table_for_all_faces_and_one_for_those_without_a_copy():
    parts = claims.claims_section({"cosine": {}})
    assert [text for text in parts if text.endswith(":")] == [
        *("All test faces:", "Without any copy in train:")
    ]
    assert claims.claims_section(None) == claims.claims_section({}) == []


@pytest.mark.parametrize(
    ("difference", "p", "expected"),
    [
        (0.0124, 0.0007, "reproduced (+1.24 points, p = 0.0007)"),
        (0.0124, 0.05, "not decidable (+1.24 points, p = 0.0500)"),
        (-0.0124, 0.0007, "not reproduced (-1.24 points, p = 0.0007)"),
        (0.0, 0.01, "not decidable (0.00 points, p = 0.01)"),
    ],
)
def test_claims_have_a_verdict_per_part_with_the_figures_that_decide(difference, p, expected):
    entry = {**ENTRY, "difference": difference, "p_holm": p}
    table = claims.claims_table({"detected": {"soft vote - cnn": entry}, "without_copy": {}})
    row = f"| Voting is better than the CNN. | {expected} | not run |"
    assert row in table.splitlines()


def test_seeds_decide_a_claim_whichever_of_the_two_networks_it_praises():
    worse, better = ({"detected": {"difference": d, "p_holm": 0.01}} for d in (-0.02, 0.02))
    found = {"cosine_cbam": worse, "cosine_uncropped": better}
    rows = claims.seed_claims_table(found).splitlines()[2:]
    crop, cbam = rows
    assert crop.startswith("| Cropping helps") and cbam.startswith("| CBAM lowers")
    assert "`cosine_uncropped` minus `cosine` | not reproduced (+2.00 points" in crop
    assert "`cosine_cbam` minus `cosine` | reproduced (-2.00 points" in cbam


def test_without_seeds_of_a_rival_there_is_no_table_of_claims_by_seed():
    assert claims.seed_claims_table({}) is None
