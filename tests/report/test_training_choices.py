"""ferd.report.tables.training_choices: a row per choice that was tried, by recipe."""

from ferd.report.tables.training_choices import training_choices
from ferd.scoring.claim_list import CHOICES

BALANCED = {"difference": 0.004, "low": -0.008, "high": 0.017, "p_holm": 0.4917}
ENTRY = {
    **{"difference": 0.01047, "low": 0.0026, "high": 0.0184, "p_faces_holm": 0.01},
    **{"first_seeds": 1, "second_seeds": 3, "balanced": BALANCED},
}


def test_a_choice_has_its_runs_and_both_differences():
    choice = CHOICES[0]
    claims = {"letter": {"detected": {"choices": {choice.pair: ENTRY}}}, "cosine": {}}
    text, table = training_choices(claims)
    assert "new faces alone" in text
    assert table.splitlines()[2] == (
        f"| {choice.text} | to the letter | 1 / 3 | +1.05 (+0.26 to +1.84), p = 0.01 | "
        "+0.40 (-0.80 to +1.70), p = 0.49 |"
    )


def test_nothing_is_written_where_no_choice_was_tried():
    assert training_choices(None) == []
    assert training_choices({"letter": {"detected": {"choices": {}}}}) == []
