"""ferd.ensembles.ensembles and compare: fits write their predictions and return their facts."""

import json

import numpy as np
import pandas as pd
import pytest

from ferd.ensembles.compare import changed_parameters, compare
from ferd.ensembles.ensembles import run_single, run_stack, run_votes
from tests.helpers.automl_data import (
    COMPARE,
    STACKING,
    VOTING,
    load_pycaret,
    make_arrays,
    read,
)

TREES = {"n_estimators": 10}


@pytest.fixture(scope="module", autouse=True)
def pycaret():
    load_pycaret()


@pytest.fixture
def faces(empty_folder):
    """The blobs' features, and hyperparameters for few trees, in the working folder."""
    (empty_folder / "data").mkdir()
    tuned = {"et": TREES, "ridge": {}, "lda": {}, "nb": {}}
    (empty_folder / "data/tuned.json").write_text(json.dumps(tuned))
    return read(make_arrays())


def table(label, kind="predictions"):
    return pd.read_csv(f"run/{kind}_{label}.csv")


def test_votes_are_named_by_the_label_and_only_the_soft_one_has_probabilities(faces):
    seconds = {}
    facts = run_votes(faces, VOTING, "run", seconds, "unseen_{}")
    assert set(facts) == {"unseen_hard", "unseen_soft"} and set(seconds) == {"hard", "soft"}
    assert (facts["unseen_hard"]["members"], facts["unseen_soft"]["members"]) == (3, 2)
    assert 0 < facts["unseen_soft"]["cross_validated"]["accuracy"] <= 1
    assert "p_sad" in table("unseen_soft") and "p_sad" not in table("unseen_hard")
    assert table("unseen_soft")["name"].tolist() == faces.test_names.tolist()
    assert len(table("unseen_hard", "fallback")) == len(faces.fallback)


def test_a_fit_does_not_write_a_test_score(faces):
    facts = run_stack(faces, STACKING, "run", {})
    assert set(facts) == {"stack"} and set(facts["stack"]) == {
        "members",
        "cross_validated",
        "unrounded_auc",
    }


def test_a_stack_without_hyperparameters_of_a_model_is_refused(faces):
    with pytest.raises(SystemExit, match=r"lacks rf: add it to automl_compare\.models"):
        run_stack(faces, {**STACKING, "tune": True, "models": ["lda", "rf"]}, "run", {})


def test_a_single_model_has_the_hyperparameters_of_the_comparison(faces):
    seconds = {}
    facts = run_single(
        faces, "et", {**COMPARE, "folds": 1, "tune": True}, "run", seconds, "ensembles_only_et"
    )
    assert set(seconds) == {"et"} and facts["ensembles_only_et"]["members"] == 1
    # Ten trees give probabilities in tenths: PyCaret's default has a hundred.
    tenths = 10 * table("ensembles_only_et")[["p_sad", "p_happy"]].to_numpy()
    np.testing.assert_allclose(tenths, tenths.round(), atol=1e-4)


def test_every_compared_model_has_its_predictions_and_facts(faces):
    cost = {"fit_seconds": {}, "tune_seconds": {}}
    facts, chosen = compare(faces, {**COMPARE, "models": ["ridge", "lda"]}, "run", cost)
    assert set(facts) == set(chosen) == set(cost["fit_seconds"]) == {"ridge", "lda"}
    assert not any(one["tuned"] or one["improved"] for one in facts.values())
    assert chosen == {"ridge": {}, "lda": {}} and cost["tune_seconds"] == {}
    assert len(table("lda")) == len(faces.test) and "p_sad" in table("lda")


def test_tuning_ends_when_its_minutes_are_spent(faces):
    cost = {"fit_seconds": {}, "tune_seconds": {"earlier": 61.0}}
    settings = {**COMPARE, "models": ["lda"], "tune": True, "tune_minutes": 1.0}
    facts, _ = compare(faces, settings, "run", cost)
    assert not facts["lda"]["tuned"] and list(cost["tune_seconds"]) == ["earlier"]


def test_only_changed_hyperparameters_are_kept_in_types_that_json_has():
    from sklearn.ensemble import ExtraTreesClassifier

    fitted = ExtraTreesClassifier(n_estimators=np.int64(10), random_state=3)
    changed = changed_parameters(ExtraTreesClassifier(random_state=3), fitted)
    assert changed == TREES and json.loads(json.dumps(changed)) == TREES
