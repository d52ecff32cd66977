"""The stages that fit with PyCaret, the scores of their predictions, and what restores them."""

import shutil

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.study import restore
from stages import automl_compare, automl_stacking, automl_voting
from tests.helpers.automl_data import SECTIONS, load_pycaret, make_arrays
from tests.helpers.automl_runs import fit_and_score, predictions
from tests.helpers.small_study import contents, read

pytestmark = pytest.mark.slow

TUNED = {"automl": {**SECTIONS["automl"], "tune": True}}
COMPARED = SECTIONS["automl_compare"]["models"]


@pytest.fixture(scope="module", autouse=True)
def pycaret():
    load_pycaret()


def test_compare_ranks_by_cross_validation_and_not_by_test(empty_folder):
    arrays = make_arrays()
    generator = np.random.default_rng(2)
    arrays["test_classes"] = generator.permutation(arrays["test_classes"])
    details, cost = fit_and_score(automl_compare.main, "automl_compare", tuned=None, train=arrays)
    table = pd.read_csv("plots/automl_compare/leaderboard.csv")
    assert table["cross_validated_accuracy"].is_monotonic_decreasing
    assert sorted(table["model"]) == sorted(COMPARED) == sorted(details)
    assert details["et"]["cross_validated"]["accuracy"] > 0.5 > details["et"]["accuracy"]
    assert not details["et"]["tuned"] and cost["tune_seconds"] == {}
    assert sorted(cost["fit_seconds"]) == sorted(details)
    assert read("data/tuned.json") == {name: {} for name in COMPARED}
    shown = table.set_index("model").loc["et"]
    assert shown["test_accuracy"] == details["et"]["accuracy"]


def test_compare_keeps_every_model_s_answer_to_every_test_image(empty_folder):
    arrays = make_arrays()
    details, _ = fit_and_score(automl_compare.main, "automl_compare", tuned=None, train=arrays)
    for name in COMPARED:
        detected = predictions(f"plots/automl_compare/predictions_{name}.csv")
        others = predictions(f"plots/automl_compare/fallback_{name}.csv", 14)
        assert list(detected["name"]) == list(arrays["test_names"])
        assert list(others["name"]) == list(arrays["fallback_names"])
        for table in (detected, others):
            assert list(table["actual"]) == [name.split("/")[1] for name in table["name"]]
        right = (detected["predicted"] == detected["actual"]).mean()
        assert details[name]["accuracy"] == pytest.approx(right, abs=1e-6)


def test_tuning_writes_what_it_chose_and_never_lowers_the_cross_validated_accuracy(empty_folder):
    section = {"models": ["lda", "nb", "ridge"], "tune_iterations": 4}
    section["tune_models"] = ["lda", "nb"]
    details, cost = fit_and_score(
        automl_compare.main, "automl_compare", {"automl_compare": section, **TUNED}, None
    )
    chosen = read("data/tuned.json")
    assert list(cost["tune_seconds"]) == section["tune_models"] and not details["ridge"]["tuned"]
    for name in section["tune_models"]:
        found = details[name]
        assert found["tuned"] and found["hyperparameters"] == chosen[name]
        assert found["improved"] == bool(chosen[name])
        best = max(found["default_accuracy"], found["tuned_accuracy"])
        assert found["cross_validated"]["accuracy"] == best


def test_no_model_is_tuned_once_the_minutes_are_spent(empty_folder):
    section = {"models": ["nb", "lda"], "tune_models": ["nb", "lda"], "tune_minutes": 0.0001}
    details, _ = fit_and_score(
        automl_compare.main, "automl_compare", {"automl_compare": section, **TUNED}, None
    )
    assert details["nb"]["tuned"] and not details["lda"]["tuned"]


def test_voting_writes_scores_and_a_row_per_test_face(empty_folder):
    details, cost = fit_and_score(automl_voting.main, "automl_voting")
    assert (details["hard"]["members"], details["soft"]["members"]) == (3, 2)
    assert "auc" in details["soft"] and "auc" not in details["hard"]
    assert details["soft"]["cross_validated"]["folds"] == 1
    assert sorted(cost["fit_seconds"]) == ["hard", "soft"]
    hard = predictions("plots/automl_voting/predictions_hard.csv")
    soft = predictions("plots/automl_voting/predictions_soft.csv")
    assert list(hard) == ["name", "actual", "predicted"]
    assert list(soft) == list(hard) + [f"p_{name}" for name in CLASSES]
    accuracy = np.mean(soft["actual"] == soft["predicted"])
    assert details["soft"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert read("metrics/automl_voting/soft.json")["accuracy"] == details["soft"]["accuracy"]
    assert list(hard["name"]) == list(make_arrays()["test_names"])


@pytest.mark.parametrize("fallbacks", [14, 0])
def test_images_without_a_face_are_scored_apart_and_with_all_and_restored(empty_folder, fallbacks):
    arrays = make_arrays()
    for key in ("fallback_features", "fallback_classes", "fallback_names"):
        arrays[key] = arrays[key][:fallbacks]
    details, _ = fit_and_score(automl_voting.main, "automl_voting", train=arrays)
    for method in ("hard", "soft"):
        faces = predictions(f"plots/automl_voting/predictions_{method}.csv")
        rest = predictions(f"plots/automl_voting/fallback_{method}.csv", fallbacks)
        assert list(rest["name"]) == list(arrays["fallback_names"])
        assert list(rest) == list(faces)
        both = pd.concat([faces, rest])
        right = (both["actual"] == both["predicted"]).mean()
        assert details[method]["test_all"]["faces"] == details[method]["faces"] + fallbacks
        assert details[method]["test_all"]["accuracy"] == pytest.approx(right, abs=1e-6)
    assert ("auc" in details["soft"]["test_all"], "auc" in details["hard"]["test_all"]) == (1, 0)
    before = contents("data/automl_voting")
    shutil.rmtree("data/automl_voting")
    restore.restore_fit("automl_voting")
    assert contents("data/automl_voting") == before and len(before) == 6


def test_ensembles_use_what_tuning_found_unless_their_settings_say_not(empty_folder):
    fewer = {"et": {"n_estimators": 3}, "ridge": {}, "lda": {}, "nb": {}}
    found = {}
    for tune in (True, False):
        changes = {"automl": {**SECTIONS["automl"], "tune": tune}}
        found[tune], _ = fit_and_score(automl_voting.main, "automl_voting", changes, fewer)
    assert found[True]["soft"] != found[False]["soft"]


def test_a_run_on_other_features_and_from_another_seed_has_its_own_files(empty_folder):
    arrays = {"train": make_arrays(), "other": make_arrays(seed=1)}

    def fit():
        automl_voting.main("replicate/vote_5", "other", ("automl_voting",), seed=5)

    details, _ = fit_and_score(fit, "replicate/vote_5", **arrays)
    table = predictions("plots/replicate/vote_5/predictions_soft.csv")
    assert list(table["name"]) == list(arrays["other"]["test_names"])
    again, _ = fit_and_score(automl_voting.main, "automl_voting", **arrays)
    assert details["soft"]["accuracy"] != again["soft"]["accuracy"]


def test_stacking_writes_scores_and_a_row_per_test_face(empty_folder):
    details, cost = fit_and_score(automl_stacking.main, "automl_stacking")
    table, scores = predictions("plots/automl_stacking/predictions_stack.csv"), details["stack"]
    assert scores["members"] == 2 and scores["auc"] > 0.5
    assert scores["accuracy"] == pytest.approx(np.mean(table["actual"] == table["predicted"]), 1e-6)
    assert list(cost["fit_seconds"]) == ["stacking"]


@pytest.mark.parametrize("stage", [automl_voting, automl_stacking])
def test_class_too_small_for_smote_ends_the_stage_before_any_output(empty_folder, stage):
    arrays = make_arrays((30, 6, 30, 30, 30, 30, 30))
    name = stage.__name__.split(".")[-1]
    with pytest.raises(SystemExit, match="disgust has 6 training faces"):
        fit_and_score(stage.main, name, train=arrays)
    assert not (empty_folder / "data" / name).exists()
    assert not (empty_folder / "metrics").exists() and not (empty_folder / "plots").exists()
