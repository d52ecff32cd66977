import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ferd.ensembles.ensembles import read_tuned, stack, vote
from ferd.ensembles.features import read_features
from ferd.ensembles.folds import splitter
from ferd.ensembles.pycaret_experiment import build, cross_validated, predict, set_up
from tests.helpers.automl_data import (
    SEED,
    STACKING,
    TEST_COUNTS,
    TRAIN_COUNTS,
    Recorder,
    few,
    load_pycaret,
    make_arrays,
    read,
    rows,
)


@pytest.fixture(scope="module")
def smote(tmp_path_factory):
    """An experiment with SMOTE on clean blobs; setting one up takes PyCaret a second."""
    load_pycaret()
    path = tmp_path_factory.mktemp("smote") / "features.npz"
    np.savez(path, **make_arrays())
    return set_up(read_features(path), SEED, fix_imbalance=True)


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Recorder.fits = Recorder.asked = ()


def test_setup_keeps_features_and_targets_as_they_are():
    arrays = make_arrays()
    arrays["train_features"][:, 5] = 0  # a dead unit
    faces = read(arrays)
    experiment = set_up(faces, SEED, fix_imbalance=False)
    np.testing.assert_array_equal(experiment.X_train_transformed, arrays["train_features"])
    np.testing.assert_array_equal(experiment.y_train_transformed, arrays["train_classes"])


def test_no_log_is_left_in_the_working_folder():
    read(make_arrays())
    code = (
        "from ferd.ensembles.pycaret_experiment import set_up;"
        "from ferd.ensembles.features import read_features;"
        "set_up(read_features('features.npz'), 3, True)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    environment.pop("PYCARET_CUSTOM_LOGGING_PATH", None)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert os.listdir(".") == ["features.npz"]


@pytest.mark.parametrize("folds", [1, 3])
def test_smote_balances_each_training_part_and_never_what_is_held_out(folds, smote):
    arrays = make_arrays()
    smote.create_model(Recorder(), fold=splitter(folds, SEED), verbose=False)
    assert len(Recorder.fits) == folds + 1
    for part, (_, classes) in enumerate(Recorder.fits):
        assert len(set(np.bincount(classes))) == 1, f"fit {part} is not balanced"
    for (fitted, _), held_out in zip(Recorder.fits[:folds], Recorder.asked, strict=False):
        assert rows(held_out) <= rows(arrays["train_features"])
        assert not rows(held_out) & rows(fitted)
    np.testing.assert_array_equal(np.bincount(Recorder.fits[-1][1]), max(TRAIN_COUNTS))
    assert rows(arrays["train_features"]) <= rows(Recorder.fits[-1][0])


def test_without_smote_the_last_fit_gets_exactly_the_training_faces():
    arrays = make_arrays()
    experiment = set_up(read(arrays), SEED, fix_imbalance=False)
    experiment.create_model(Recorder(), fold=splitter(1, SEED), verbose=False)
    np.testing.assert_array_equal(Recorder.fits[-1][0], arrays["train_features"])
    np.testing.assert_array_equal(Recorder.fits[-1][1], arrays["train_classes"])


def test_no_fit_sees_a_test_face(smote):
    arrays = make_arrays()
    models = {"a": Recorder(), "b": LinearDiscriminantAnalysis()}
    vote(smote, models, "soft", splitter(1, SEED))
    stack(smote, models, LinearDiscriminantAnalysis(), splitter(1, SEED), STACKING)
    assert len(Recorder.fits) == 2 + 2 * (STACKING["inner_folds"] + 1)
    for fitted, _ in Recorder.fits:
        assert not rows(fitted) & rows(arrays["test_features"])


def test_smote_runs_before_a_stack_splits_its_inner_folds(smote):
    models = {"a": Recorder(), "b": LinearDiscriminantAnalysis()}
    stack(smote, models, LinearDiscriminantAnalysis(), splitter(1, SEED), STACKING)
    whole, *inner = Recorder.fits[-3:]
    assert len(whole[0]) == 7 * max(TRAIN_COUNTS)
    for features, _ in inner:
        assert rows(features) < rows(whole[0])
        assert len(features) == len(whole[0]) / STACKING["inner_folds"]


def test_poisoned_test_faces_change_no_fitted_prediction(smote):
    poisoned = make_arrays()
    generator = np.random.default_rng(1)
    poisoned["test_classes"] = generator.permutation(poisoned["test_classes"])
    poisoned["test_features"] = 1000 * generator.normal(size=(sum(TEST_COUNTS), 8))
    other = set_up(read(poisoned), SEED, fix_imbalance=True)
    asked = read(make_arrays()).test
    for method in ("hard", "soft", "stack", "tuned"):
        answers = [
            (*predict(experiment, fitted, asked), experiment.pull())
            for experiment, fitted in ((e, fit_with(e, method)) for e in (smote, other))
        ]
        np.testing.assert_array_equal(answers[0][0], answers[1][0], err_msg=method)
        if method != "hard":
            np.testing.assert_array_equal(answers[0][1], answers[1][1], err_msg=method)
        assert answers[0][2].equals(answers[1][2]), method


def fit_with(experiment, method):
    models = few(experiment)
    if method == "stack":
        return stack(experiment, models, models["et"], splitter(1, SEED), STACKING).model
    if method == "tuned":
        splits = splitter(1, SEED)
        return experiment.tune_model(models["lda"], fold=splits, n_iter=2, verbose=False)
    return vote(experiment, models, method, splitter(1, SEED)).model


def test_same_seed_gives_the_same_probabilities_twice(smote):
    faces = read(make_arrays())
    trees = {name: {"n_estimators": 10, "max_depth": 4} for name in ("et", "rf", "lightgbm")}
    answers = []
    for experiment in (smote, set_up(faces, SEED, fix_imbalance=True)):
        models = build(experiment, ["et", "rf", "lightgbm", "lr"], trees)
        model = vote(experiment, models, "soft", splitter(1, SEED)).model
        answers.append([predict(experiment, part, faces.test)[1] for part in model.estimators_])
    np.testing.assert_array_equal(*answers)


def test_predictions_map_back_to_the_given_classes_and_probabilities_are_not_rounded():
    arrays = make_arrays()
    arrays["test_features"], arrays["test_classes"], arrays["test_names"] = (
        arrays[f"train_{part}"] for part in ("features", "classes", "names")
    )
    faces = read(arrays)
    experiment = set_up(faces, SEED, fix_imbalance=True)
    fitted = experiment.create_model(
        few(experiment)["lda"], fold=splitter(1, SEED), verbose=False, round=6
    )
    predicted, probabilities = predict(experiment, fitted, faces.test)
    assert np.mean(predicted == arrays["train_classes"]) > 0.8
    np.testing.assert_array_equal(probabilities.argmax(axis=1), predicted)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert np.any(np.round(probabilities, 4) != probabilities)


def test_every_model_that_has_probabilities_gets_a_cross_validated_auc(smote):
    for name, model in few(smote, ("lr", "lda", "et", "ridge")).items():
        fitted = smote.create_model(model, fold=splitter(2, SEED), verbose=False)
        scores = cross_validated(smote, fitted)
        assert scores["folds"] == 2 and "accuracy_std" in scores
        assert ("auc" in scores) == (name != "ridge")
        assert scores.get("auc", 1) > 0.8


def test_fold_whose_fit_fails_raises_its_exception(smote):
    class Failing(Recorder):
        def fit(self, X, y):
            if len(Recorder.fits) == 1:
                raise ValueError("broken")
            return super().fit(X, y)

    with pytest.raises(ValueError, match="broken"):
        smote.create_model(Failing(), fold=splitter(3, SEED), verbose=False)


def test_fold_whose_auc_fails_raises_its_exception(smote):
    class WithoutAColumn(Recorder):
        def predict_proba(self, X):
            return np.zeros((len(X), 2))

    with pytest.raises(IndexError):
        smote.create_model(WithoutAColumn(), fold=splitter(3, SEED), verbose=False)


def test_score_of_zero_is_a_score(smote):
    class AlwaysWrong(Recorder):
        def predict(self, X):
            return np.full(len(X), -1)

    fitted = smote.create_model(AlwaysWrong(), fold=splitter(3, SEED), verbose=False)
    assert cross_validated(smote, fitted)["accuracy"] == 0


def test_ridge_votes_hard_only(smote):
    models = few(smote)
    hard = vote(smote, models, "hard", splitter(1, SEED))
    soft = vote(smote, models, "soft", splitter(1, SEED))
    assert (hard.members, soft.members) == (3, 2)
    assert "auc" in soft.cross_validated and "auc" not in hard.cross_validated


def test_soft_vote_of_a_single_model_is_refused(smote):
    with pytest.raises(SystemExit, match="soft vote needs two"):
        vote(smote, few(smote, ("ridge", "lda")), "soft", splitter(1, SEED))


def test_soft_vote_is_the_mean_of_its_members_probabilities():
    faces = read(make_arrays())
    experiment = set_up(faces, SEED, fix_imbalance=True)
    model = vote(experiment, few(experiment, ("et", "lda")), "soft", splitter(1, SEED)).model
    members = [predict(experiment, member, faces.test)[1] for member in model.estimators_]
    np.testing.assert_allclose(
        predict(experiment, model, faces.test)[1], np.mean(members, axis=0), atol=1e-9
    )


def test_stack_shows_the_features_to_its_meta_model_if_asked(smote):
    models = few(smote, ("lda", "nb"))
    widths = [
        stack(
            *(smote, models, few(smote)["et"], splitter(1, SEED)),
            {**STACKING, "passthrough": passthrough},
        ).model.final_estimator_.n_features_in_
        for passthrough in (False, True)
    ]
    assert widths == [14, 14 + 8]


def test_model_whose_package_is_missing_is_named():
    experiment = set_up(read(make_arrays()), SEED, fix_imbalance=False)
    with pytest.raises(SystemExit, match="pip install catboost"):
        build(experiment, ["lda", "catboost"])


def test_tuned_hyperparameters_replace_the_defaults_and_a_missing_model_is_named():
    with open("tuned.json", "w") as file:
        json.dump({"et": {"n_estimators": 7}, "lda": {}}, file)
    experiment = set_up(read(make_arrays()), SEED, fix_imbalance=False)
    tuned = read_tuned(["et", "lda"], path="tuned.json")
    assert build(experiment, ["et"], tuned)["et"].n_estimators == 7
    with pytest.raises(SystemExit, match=r"lacks rf: add it to automl_compare\.models"):
        read_tuned(["et", "rf"], path="tuned.json")
    with pytest.raises(SystemExit, match="run automl_compare first"):
        read_tuned(["et"], path="none.json")
