"""The rule that chooses the default network."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score

from ferd.classes import CLASSES as CLASSES_OF_FER2013
from ferd.dataset.ferplus.protocol import FERPLUS_CLASSES, majority_classes, read_counted_votes
from ferd.packaged.choice import choose_default, draw_groups, two_scores
from ferd.packaged.labels import compare_labels, shares
from tests.helpers.code import ROOT

CLASSES = np.array(["angry", "happy", "sad"])
ACTUAL = np.random.default_rng(0).choice(CLASSES, 900, p=[0.6, 0.3, 0.1])
NAMES = np.array([f"test/{one}/{row}" for row, one in enumerate(ACTUAL)])
GROUPS = pd.Series(np.arange(900) // 2 * 7, index=NAMES)  # pairs, numbers with gaps


def predictions(share_right, seed, actual=ACTUAL):
    generator = np.random.default_rng(seed)
    wrong = CLASSES[(np.searchsorted(CLASSES, actual) + 1) % 3]
    predicted = np.where(generator.random(len(actual)) < share_right, actual, wrong)
    return pd.DataFrame({"name": NAMES[: len(actual)], "actual": actual, "predicted": predicted})


def candidate(first, second, seed):
    """Predictions by both kinds of labels; fewer faces have a majority label."""
    return {
        "fer2013": predictions(first, seed),
        "annotators": predictions(second, seed + 1, ACTUAL[:700]),
    }


def chosen(candidates, **networks):
    networks = dict.fromkeys(candidates, 1) | networks
    return choose_default(candidates, GROUPS, (300, 5), networks)


def test_the_scores_are_those_of_scikit_learn():
    table = predictions(0.7, 1)
    accuracy, balanced = two_scores(table, np.ones((1, 900), int))
    assert accuracy[0] == pytest.approx((table["actual"] == table["predicted"]).mean())
    assert balanced[0] == pytest.approx(
        balanced_accuracy_score(table["actual"], table["predicted"])
    )


def test_weights_count_a_face_as_often_as_they_say():
    table, weights = predictions(0.7, 1), np.arange(900)[None] % 4
    repeated = table.loc[np.repeat(np.arange(900), weights[0])]
    accuracy, balanced = two_scores(table, weights)
    assert accuracy[0] == pytest.approx((repeated["actual"] == repeated["predicted"]).mean())
    assert balanced[0] == pytest.approx(
        balanced_accuracy_score(repeated["actual"], repeated["predicted"])
    )


def test_a_class_that_a_sample_lacks_does_not_count():
    table = predictions(0.7, 1)
    weights = (table["actual"] != "sad").to_numpy(int)[None]
    kept = table[table["actual"] != "sad"]
    recalls = (kept["actual"] == kept["predicted"]).groupby(kept["actual"]).mean()
    assert two_scores(table, weights)[1][0] == pytest.approx(recalls.mean())


def test_faces_of_a_group_are_drawn_together_and_by_both_kinds_alike():
    drawn = draw_groups(candidate(0.5, 0.5, 0), GROUPS, 50, 3)
    both = drawn["fer2013"]
    assert (both[0] == 1).all()
    np.testing.assert_array_equal(both[:, ::2], both[:, 1::2])
    np.testing.assert_array_equal(drawn["annotators"], both[:, :700])
    assert both[1:].sum(axis=1).tolist() == [900] * 50


def test_the_best_mean_of_both_kinds_of_labels_is_the_default():
    found = chosen({"labels": candidate(0.8, 0.5, 0), "both": candidate(0.75, 0.75, 2)}, both=2)
    assert found["best"] == found["default"] == "both"
    lead = found["differences"]["labels"]
    assert 0 < lead["low"] < lead["difference"] < lead["high"]
    assert lead["difference"] == pytest.approx(found["scores"]["both"] - found["scores"]["labels"])


def test_an_average_that_is_no_better_than_a_single_network_is_not_the_default():
    same = candidate(0.7, 0.7, 4)
    better = {kind: table.copy() for kind, table in same.items()}
    right = better["fer2013"]["actual"]
    better["fer2013"].loc[:2, "predicted"] = right[:3]
    found = chosen({"single": same, "average": better}, average=2)
    assert found["best"] == "average" and found["differences"]["single"]["low"] <= 0
    assert found["default"] == "single"


def test_shares_are_of_the_seven_classes():
    found = shares(["sad", "sad", "contempt", "happy"])
    assert found["sad"] == pytest.approx(2 / 3) and found["happy"] == pytest.approx(1 / 3)
    assert sum(found.values()) == pytest.approx(1) and found["fear"] == 0 and len(found) == 7


def test_contempt_counts_as_wrong_and_has_no_recall():
    table = predictions(0.7, 1)
    table.loc[:9, "actual"] = "contempt"
    accuracy, balanced = two_scores(table, np.ones((1, 900), int))
    rest = table[10:]
    assert accuracy[0] == pytest.approx((rest["actual"] == rest["predicted"]).sum() / 900)
    assert balanced[0] == pytest.approx(balanced_accuracy_score(rest["actual"], rest["predicted"]))


def test_the_distance_of_the_two_kinds_of_labels():
    votes = read_counted_votes(ROOT / "data/ferplus.csv")
    rows = np.arange(32298, 32398)
    majority = majority_classes(votes.loc[rows])
    labels = np.array(CLASSES_OF_FER2013)[rows % 7]
    table = pd.DataFrame({"name": [f"test/sad/{row}" for row in rows], "actual": labels})
    found = compare_labels(table.assign(predicted="sad"), votes)
    known = majority >= 0
    names = np.array(FERPLUS_CLASSES)[majority]
    assert found["faces"] == known.sum()
    assert found["differ"] == pytest.approx((names != labels)[known].mean())
    assert found["shares"]["annotators"]["happy"] == pytest.approx(
        (names == "happy")[known].sum() / (names != "contempt")[known].sum()
    )
