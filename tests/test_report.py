"""ferd.report: verdicts follow from the tests."""

import pytest

from ferd import report
from ferd.evaluation import PAIRS

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
    assert report.verdict({"difference": difference, "p_holm": p}, sign) == expected


def test_every_claim_is_about_a_pair_that_is_tested():
    pairs = {f"{first} - {second}" for first, second in PAIRS}
    assert {pair for _, pair, _ in report.CLAIMS} <= pairs


def test_claims_have_a_verdict_per_part_with_the_figures_that_decide():
    entry = {**ENTRY, "difference": 0.0124, "p_holm": 0.0007}
    table = report.claims_table({"detected": {"soft vote - cnn": entry}, "without_twin": {}})
    row = "| Voting is better than the CNN. | reproduced (+1.24 points, p 0.0007) | not run |"
    assert row in table.splitlines()


def test_data_without_rare_classes_leaves_the_section_on_their_look_out():
    assert report._look_section({"ablation_augment_look": {"rare_classes": 0}}) == []


def test_the_improved_network_has_a_row_per_rival_on_each_part_that_was_tested():
    entry = {**ENTRY, "difference": 0.0529, "p_holm": 0.0007}
    tests = {"detected": {"improved - cnn": entry, "improved - stack": entry}}
    parts = report._improved_section({"headline": {"tests": tests}})
    title, label, table = parts[0], parts[-2], parts[-1]
    assert title.startswith("## ") and label.startswith("All detected")
    assert len(parts) == 4 and len(table.splitlines()) == 4
    assert "+5.29" in table and "improved less stack" in table


def test_a_study_without_the_improved_network_leaves_its_section_out():
    assert report._improved_section({}) == []
