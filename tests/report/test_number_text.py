"""ferd.report.number_text: figures and verdicts read as the numbers say."""

import pytest

from ferd.report import number_text as text


def entry(difference, p):
    return {"difference": difference, "p": p, "p_holm": p}


def test_scores_are_in_percent_with_one_decimal_and_their_interval():
    scores = {"accuracy": 0.67079, "low": 0.6576, "high": 0.6837}
    assert text.score_cell(scores) == "67.1 (65.8 to 68.4)" and text.score_cell(None) == ""


def test_a_score_of_a_known_number_of_faces_has_the_interval_of_that_number():
    assert text.counted_cell(0.6726, 5354) == "67.3 (66.0 to 68.5)"
    assert text.counted_cell(0.5, 100) == "50.0 (40.4 to 59.6)"


@pytest.mark.parametrize(
    ("value", "words"),
    [(1e-9, "p < 0.0001"), (0.00042, "p = 0.00042"), (0.258421, "p = 0.26"), (1, "p = 1")],
)
def test_p_values_are_short_and_never_0(value, words):
    assert text.p_text(value) == words


def test_a_p_value_beside_the_limit_is_not_rounded_to_it():
    assert text.p_text(0.0497) == "p = 0.0497" and text.p_text(0.0502) == "p = 0.0502"


def test_points_have_a_sign_and_nothing_is_minus_0():
    assert [text.points(value) for value in (0.0124, -0.0047, -0.0004)] == ["+1.2", "-0.5", "0.0"]


@pytest.mark.parametrize(
    ("difference", "p", "words"),
    [
        (0.02, 0.01, "a scores higher than b (+2.0 points, p = 0.01)"),
        (-0.02, 0.01, "a scores lower than b (-2.0 points, p = 0.01)"),
        (0.02, 0.05, "a and b cannot be told apart (+2.0 points, p = 0.0500)"),
    ],
)
def test_who_scores_higher_follows_from_sign_and_p(difference, p, words):
    assert text.compared("a", "b", entry(difference, p)) == words


def test_two_models_share_a_clause_only_where_their_verdicts_are_the_same():
    up, down, open_ = entry(0.02, 0.01), entry(-0.01, 0.01), entry(0.01, 0.5)
    names = ("a", "b")
    same = text.both_compared(names, "c", [up, up])
    assert same == "a and b score higher than c (+2.0 and +2.0 points, p = 0.01 each)"
    neither = text.both_compared(names, "c", [open_, open_])
    assert neither.startswith("neither a nor b can be told apart from c (+1.0 and +1.0 points")
    mixed = text.both_compared(names, "c", [up, down])
    assert "a scores higher than c" in mixed and "b scores lower than c" in mixed


def test_the_number_of_runs_is_said():
    assert [text.seeds_text(count) for count in (1, 3, 12)] == [
        "one run",
        "three seeds",
        "12 seeds",
    ]
