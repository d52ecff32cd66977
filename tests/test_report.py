"""ferd.report: verdicts follow from the tests, tables from the metrics."""

import pytest

from ferd import report
from ferd.evaluation import PAIRS

ENTRY = {"low": -0.01, "high": 0.03, "only_first": 5, "only_second": 3, "p": 0.0002}
SCORES = {"faces": 5334, "accuracy": 0.67079, "low": 0.658, "high": 0.683, "macro_f1": 0.6}


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


def test_parts_without_images_have_no_column_and_a_missing_score_an_empty_cell():
    models = {"cnn": {"detected": SCORES, "all": SCORES}, "stack": {"detected": SCORES}}
    lines = report.parts_table(models).splitlines()
    assert lines[0] == "| model | all detected (the paper's) (5,334) | all test images (5,334) |"
    assert lines[3] == "| stack | 0.6708 (0.658-0.683) |  |"


def test_pairs_are_in_points_and_a_tiny_p_is_not_written_as_0():
    entry = {**ENTRY, "difference": -0.0124, "p": 1e-9, "p_holm": 1e-8}
    row = report.tests_table({"stack - cnn": entry}).splitlines()[2]
    assert row == ("| stack less cnn | -1.24 | -1.00 to +3.00 | 5 / 3 | < 0.0001 | < 0.0001 |")


def test_audit_without_votes_says_nothing_of_them():
    groups = {"groups": 3, "images": 7, "largest": 3, "groups_of_several_labels": 1}
    test = {"images": 70, "exact": 4, "exact_other_label": 1, "near": 2, "twin_share": 0.0857}
    audit = {"images": 100, "blank": 0, "exact": groups, "near": groups}
    text = report.audit_text({**audit, "test": test, "test_detected": test})
    assert "FER+" not in text
    assert "- 4 of the 70 test images are in train pixel for pixel, 1 of them" in text
