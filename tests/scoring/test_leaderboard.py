"""ferd.scoring.leaderboard: single models in order of their cross-validated accuracy."""

import pytest

from ferd.scoring.leaderboard import leaderboard


def model(cross_validated, test, auc=True):
    """Scores as metrics/details/cosine_compare.json has them; the macro means are a trap."""
    scores = {"accuracy": test, "kappa": 0.5, "mcc": 0.5, "improved": False}
    scores |= {"weighted": {"recall": 0.3, "f1": 0.4}, "macro": {"recall": 0.1, "f1": 0.1}}
    scores["cross_validated"] = {"accuracy": cross_validated, "f1": 0.6}
    return scores | ({"auc": 0.9} if auc else {})


def test_the_best_cross_validated_comes_first_whatever_its_test_accuracy():
    table = leaderboard({"lr": model(0.6, 0.9), "et": model(0.8, 0.1), "nb": model(0.7, 0.5)})
    assert table["model"].tolist() == ["et", "nb", "lr"]
    assert table["test_accuracy"].tolist() == [0.1, 0.5, 0.9]


def test_test_scores_are_the_weighted_means_as_pycaret_reports_them():
    (row,) = leaderboard({"et": model(0.8, 0.7)}).to_dict("records")
    assert (row["test_recall"], row["test_f1"], row["cross_validated_f1"]) == (0.3, 0.4, 0.6)
    assert row["improved"] == 0


def test_a_model_without_probabilities_has_no_auc():
    table = leaderboard({"et": model(0.8, 0.7), "ridge": model(0.7, 0.6, auc=False)})
    assert table["test_auc"].tolist() == pytest.approx([0.9, float("nan")], nan_ok=True)
