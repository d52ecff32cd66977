"""ferd.scoring.scores: every score against a number computed by hand or by scikit-learn."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ferd.classes import CLASSES
from ferd.ensembles.auc import weighted_auc
from ferd.scoring.scores import per_class, score

# Six faces: 3 angry (0), 2 happy (3), 1 surprise (6). One angry is taken for happy, one happy for
# surprise. So angry has precision 2/2 and recall 2/3, happy 1/2 and 1/2, surprise 1/2 and 1/1.
ACTUAL = [0, 0, 0, 3, 3, 6]
PREDICTED = [0, 0, 3, 3, 6, 6]
F1 = {"angry": 0.8, "happy": 0.5, "surprise": 2 / 3}


@pytest.fixture
def random_case():
    """100 faces of all classes with probabilities that know a little."""
    generator = np.random.default_rng(3)
    actual = np.concatenate([np.arange(7), generator.choice(7, 93, p=np.arange(1, 8) / 28)])
    probabilities = generator.dirichlet(np.ones(7), 100) + 0.3 * np.eye(7)[actual]
    return actual, probabilities / probabilities.sum(axis=1, keepdims=True)


def test_accuracy_and_baseline_by_hand():
    scores = score(ACTUAL, PREDICTED)
    assert scores["faces"] == 6
    assert scores["accuracy"] == pytest.approx(4 / 6)
    assert scores["majority_baseline"] == pytest.approx(3 / 6)


def test_precision_recall_and_f1_of_each_class_by_hand():
    scores = score(ACTUAL, PREDICTED)["per_class"]
    assert tuple(scores) == CLASSES
    assert scores["angry"] == pytest.approx(
        {"precision": 1, "recall": 2 / 3, "f1": 0.8, "support": 3}
    )
    assert scores["happy"] == pytest.approx(
        {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    )
    assert scores["surprise"] == pytest.approx(
        {"precision": 0.5, "recall": 1, "f1": 2 / 3, "support": 1}
    )


def test_a_class_without_faces_or_predictions_scores_0_and_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = per_class(ACTUAL, PREDICTED)
    assert scores["disgust"] == {"precision": 0, "recall": 0, "f1": 0, "support": 0}


def test_weighted_means_weigh_each_class_by_its_faces():
    assert score(ACTUAL, PREDICTED)["weighted"] == pytest.approx(
        {
            "precision": (3 * 1 + 2 * 0.5 + 1 * 0.5) / 6,
            "recall": 4 / 6,
            "f1": (3 * F1["angry"] + 2 * F1["happy"] + 1 * F1["surprise"]) / 6,
        }
    )


def test_macro_means_are_over_all_seven_classes():
    assert score(ACTUAL, PREDICTED)["macro"] == pytest.approx(
        {"precision": 2 / 7, "recall": (2 / 3 + 1 / 2 + 1) / 7, "f1": sum(F1.values()) / 7}
    )


def test_kappa_and_mcc_by_hand():
    # Chance agreement: (3*2 + 2*2 + 1*2) / 36 = 1/3, so kappa = (2/3 - 1/3) / (1 - 1/3).
    # MCC: (4*6 - 12) / sqrt((36 - (4+4+4)) * (36 - (9+4+1))).
    scores = score(ACTUAL, PREDICTED)
    assert scores["kappa"] == pytest.approx(0.5)
    assert scores["mcc"] == pytest.approx(12 / np.sqrt(24 * 22))


def test_auc_is_scikit_learns_weighted_one_vs_rest_where_all_classes_have_faces(random_case):
    actual, probabilities = random_case
    expected = roc_auc_score(actual, probabilities, multi_class="ovr", average="weighted")
    assert 0.6 < expected < 0.99
    assert score(actual, probabilities.argmax(axis=1), probabilities)["auc"] == pytest.approx(
        expected, abs=1e-12
    )


def test_auc_weighs_the_present_classes_where_others_have_no_face():
    # angry: 0.9 and 0.4 against 0.5 order one pair of two; happy: 0.6 beats 0.1 and 0.3.
    probabilities = np.zeros((3, 7))
    probabilities[:, 0] = 0.9, 0.4, 0.5
    probabilities[:, 3] = 0.1, 0.3, 0.6
    assert weighted_auc(np.array([0, 0, 3]), probabilities) == pytest.approx((2 * 0.5 + 1 * 1) / 3)


def test_auc_of_one_class_alone_is_refused():
    with pytest.raises(ValueError, match="at least two classes"):
        weighted_auc(np.array([2, 2]), np.full((2, 7), 1 / 7))


def test_a_hard_vote_gets_no_auc():
    assert "auc" not in score(ACTUAL, PREDICTED)


def test_a_perfect_classifier_scores_1_everywhere():
    actual = np.arange(7).repeat(2)
    scores = score(actual, actual, np.eye(7)[actual])
    assert [scores[key] for key in ("accuracy", "auc", "kappa", "mcc")] == pytest.approx([1] * 4)
    for part in (scores["weighted"], scores["macro"], *scores["per_class"].values()):
        assert [part[key] for key in ("precision", "recall", "f1")] == [1, 1, 1]


def test_a_constant_classifier_scores_the_baseline_and_no_skill():
    actual = np.array([0, 1, 2, 3, 3, 3, 4, 5, 6])
    scores = score(actual, np.full(9, 3), np.full((9, 7), 1 / 7))
    assert scores["accuracy"] == scores["majority_baseline"] == pytest.approx(3 / 9)
    assert (scores["auc"], scores["kappa"], scores["mcc"]) == pytest.approx((0.5, 0, 0))


@pytest.mark.parametrize(("actual", "predicted"), [([0, 1], [0]), ([0], [0, 1]), ([], [])])
def test_lengths_that_differ_or_are_0_are_refused(actual, predicted):
    words = f"{len(predicted)} predictions for {len(actual)} faces"
    with pytest.raises(ValueError, match=words):
        score(actual, predicted)


def test_probabilities_of_another_length_are_refused():
    with pytest.raises(ValueError, match="inconsistent"):
        score([0, 1], [0, 1], np.full((3, 7), 1 / 7))
