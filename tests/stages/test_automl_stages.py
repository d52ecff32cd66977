import json
import sys

import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.ensembles.features import read_features
from stages import (
    ablation_copies_automl,
    ablation_smote,
    automl_compare,
    automl_oof,
    automl_stacking,
    automl_voting,
)
from tests.helpers.automl_data import (
    COMPARE,
    STACKING,
    TEST_COUNTS,
    VOTING,
    load_pycaret,
    make_arrays,
    write_project,
)

pytestmark = pytest.mark.slow

DEFAULTS = {name: {} for name in ("et", "ridge", "lda", "nb")}


@pytest.fixture(scope="module", autouse=True)
def pycaret():
    load_pycaret()


def run(stage, folder, monkeypatch, arrays=None, tuned=DEFAULTS, **sections):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [stage.__name__])
    write_project(folder, arrays, **sections)
    if tuned is not None:
        (folder / "data" / "tuned.json").write_text(json.dumps(tuned))
    stage.main()
    name = stage.__name__.split(".")[-1]
    cost = json.loads((folder / "metrics" / "cost" / f"{name}.json").read_text())
    return json.loads((folder / "metrics" / f"{name}.json").read_text()), cost


def predictions(path, faces=None):
    table = pd.read_csv(path)
    assert len(table) == (sum(TEST_COUNTS) if faces is None else faces)
    return table


def test_compare_ranks_by_cross_validation_and_not_by_test(tmp_path, monkeypatch):
    arrays = make_arrays()
    generator = np.random.default_rng(2)
    arrays["test_classes"] = generator.permutation(arrays["test_classes"])
    metrics, cost = run(automl_compare, tmp_path, monkeypatch, arrays, None, automl_compare=COMPARE)
    table = pd.read_csv(tmp_path / "plots/automl_compare/leaderboard.csv")
    assert table["cross_validated_accuracy"].is_monotonic_decreasing
    assert sorted(table["model"]) == sorted(COMPARE["models"]) == sorted(metrics)
    assert metrics["et"]["cross_validated"]["accuracy"] > 0.5 > metrics["et"]["test"]["accuracy"]
    assert not metrics["et"]["tuned"] and cost["tune_seconds"] == {}
    assert sorted(cost["fit_seconds"]) == sorted(metrics)
    assert json.loads((tmp_path / "data/tuned.json").read_text()) == {
        name: {} for name in COMPARE["models"]
    }


def test_compare_keeps_every_models_answer_to_every_test_image(tmp_path, monkeypatch):
    arrays = make_arrays()
    metrics, _ = run(automl_compare, tmp_path, monkeypatch, arrays, None, automl_compare=COMPARE)
    table = pd.read_csv(tmp_path / "plots/automl_compare/predictions.csv")
    assert list(table["name"]) == [*arrays["test_names"], *arrays["fallback_names"]]
    assert list(table["actual"]) == [name.split("/")[1] for name in table["name"]]
    detected = table[table["found"] == 1]
    assert list(detected["name"]) == list(arrays["test_names"])
    for name in COMPARE["models"]:
        right = (detected[name] == detected["actual"]).mean()
        assert metrics[name]["test"]["accuracy"] == pytest.approx(right, abs=1e-6)


def test_tuning_writes_what_it_chose_and_never_lowers_the_cross_validated_accuracy(
    tmp_path, monkeypatch
):
    section = {**COMPARE, "models": ["lda", "nb"], "tune": True, "tune_iterations": 4}
    metrics, cost = run(automl_compare, tmp_path, monkeypatch, None, None, automl_compare=section)
    chosen = json.loads((tmp_path / "data/tuned.json").read_text())
    for name in section["models"]:
        assert metrics[name]["tuned"] and name in cost["tune_seconds"]
        assert metrics[name]["improved"] == bool(chosen[name])


def test_no_model_is_tuned_once_the_minutes_are_spent(tmp_path, monkeypatch):
    section = {**COMPARE, "models": ["nb", "lda"], "tune": True, "tune_minutes": 0.0001}
    metrics, _ = run(automl_compare, tmp_path, monkeypatch, None, None, automl_compare=section)
    assert metrics["nb"]["tuned"] and not metrics["lda"]["tuned"]


def test_voting_writes_scores_and_a_row_per_test_face(tmp_path, monkeypatch):
    metrics, cost = run(automl_voting, tmp_path, monkeypatch, automl_voting=VOTING)
    assert (metrics["hard"]["members"], metrics["soft"]["members"]) == (3, 2)
    assert "auc" in metrics["soft"] and "auc" not in metrics["hard"]
    assert metrics["soft"]["cross_validated"]["folds"] == 1
    assert sorted(cost["fit_seconds"]) == ["hard", "soft"]
    hard = predictions(tmp_path / "plots/automl_voting/predictions_hard.csv")
    soft = predictions(tmp_path / "plots/automl_voting/predictions_soft.csv")
    assert list(hard) == ["name", "actual", "predicted"]
    assert list(soft) == list(hard) + [f"p_{name}" for name in CLASSES]
    accuracy = np.mean(soft["actual"] == soft["predicted"])
    assert metrics["soft"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert list(hard["name"]) == list(make_arrays()["test_names"])


@pytest.mark.parametrize("fallbacks", [14, 0])
def test_images_without_a_face_are_scored_apart_and_with_all(tmp_path, monkeypatch, fallbacks):
    arrays = make_arrays()
    for key in ("fallback_features", "fallback_classes", "fallback_names"):
        arrays[key] = arrays[key][:fallbacks]
    metrics, _ = run(automl_voting, tmp_path, monkeypatch, arrays, automl_voting=VOTING)
    for method in ("hard", "soft"):
        faces = predictions(tmp_path / f"plots/automl_voting/predictions_{method}.csv")
        rest = predictions(tmp_path / f"plots/automl_voting/fallback_{method}.csv", fallbacks)
        assert list(rest["name"]) == list(arrays["fallback_names"])
        both = pd.concat([faces, rest])
        right = (both["actual"] == both["predicted"]).mean()
        assert metrics[method]["test_all"]["faces"] == metrics[method]["faces"] + fallbacks
        assert metrics[method]["test_all"]["accuracy"] == pytest.approx(right, abs=1e-6)
    assert ("auc" in metrics["soft"]["test_all"], "auc" in metrics["hard"]["test_all"]) == (1, 0)


def test_stacking_writes_scores_and_a_row_per_test_face(tmp_path, monkeypatch):
    metrics, cost = run(automl_stacking, tmp_path, monkeypatch, automl_stacking=STACKING)
    table = predictions(tmp_path / "plots/automl_stacking/predictions.csv")
    assert metrics["members"] == 2 and metrics["auc"] > 0.5
    assert metrics["accuracy"] == pytest.approx(
        np.mean(table["actual"] == table["predicted"]), 1e-6
    )
    assert list(cost["fit_seconds"]) == ["stacking"]


def test_ablation_without_smote_fits_what_voting_and_stacking_fit_with_it(tmp_path, monkeypatch):
    sections = {
        "ablation_smote": {"fix_imbalance": False},
        "automl_voting": {**VOTING, "models": ["lda", "nb"]},
        "automl_stacking": STACKING,
    }
    # Too few faces of one class for SMOTE: passes only if it is off everywhere.
    arrays = make_arrays((40, 6, 40, 40, 40, 40, 40))
    metrics, _ = run(ablation_smote, tmp_path, monkeypatch, arrays, **sections)
    assert list(metrics) == ["voting_hard", "voting_soft", "stacking"]
    for name in metrics:
        predictions(tmp_path / f"plots/ablation_smote/predictions_{name}.csv")


def write_parts(folder, **parts):
    """Archives of features beside data/features.npz."""
    for path, arrays in parts.items():
        file = folder / f"data/{path}.npz"
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **arrays)


def test_oof_says_how_far_the_cross_validated_score_is_from_the_test_score(tmp_path, monkeypatch):
    sections = {"automl_oof": {"folds": 2}, "automl_voting": VOTING, "automl_stacking": STACKING}
    arrays = {"extract_oof/unseen": make_arrays(), "extract_oof/seen": make_arrays(seed=1)}
    write_parts(tmp_path, **arrays)
    metrics, cost = run(automl_oof, tmp_path, monkeypatch, **sections)
    assert list(metrics) == list(cost["fit_seconds"]) == ["unseen", "seen"]
    for which, models in metrics.items():
        assert list(models) == ["soft", "stack"]
        for name, scores in models.items():
            predictions(tmp_path / f"plots/automl_oof/predictions_{which}_{name}.csv")
            gap = scores["cross_validated"]["accuracy"] - scores["accuracy"]
            assert scores["cross_validated_minus_test"] == pytest.approx(gap, abs=2e-6)
    assert metrics["unseen"]["soft"]["cross_validated"]["folds"] == 2


def test_copies_are_out_of_the_ensembles_train_faces(tmp_path, monkeypatch):
    sections = {
        "ablation_copies_automl": {"single": "et"},
        "automl_voting": VOTING,
        "automl_stacking": STACKING,
    }
    arrays = make_arrays()
    write_parts(tmp_path, **{"ablation_copies/features": make_arrays(seed=1)})
    copies = arrays["train_names"][[3, 50]]
    (tmp_path / "data/test_copies.csv").write_text("\n".join(["name", *copies]) + "\n")
    metrics, _ = run(ablation_copies_automl, tmp_path, monkeypatch, arrays, **sections)
    for which in ("ensembles_only", "network_too"):
        assert list(metrics[which]) == ["et", "soft", "stack"]
        for name in metrics[which]:
            predictions(tmp_path / f"plots/ablation_copies_automl/predictions_{which}_{name}.csv")
    monkeypatch.chdir(tmp_path)
    kept = ablation_copies_automl.without_copies(read_features())
    left = arrays["train_features"][np.setdiff1d(np.arange(len(arrays["train_names"])), [3, 50])]
    np.testing.assert_array_equal(kept.train.drop(columns="target"), left)


@pytest.mark.parametrize(
    ("stage", "section"), [(automl_voting, VOTING), (automl_stacking, STACKING)]
)
def test_class_too_small_for_smote_ends_the_stage_before_any_output(
    tmp_path, monkeypatch, stage, section
):
    arrays = make_arrays((30, 6, 30, 30, 30, 30, 30))
    name = stage.__name__.split(".")[-1]
    with pytest.raises(SystemExit, match="disgust has 6 training faces"):
        run(stage, tmp_path, monkeypatch, arrays, **{name: section})
    assert not (tmp_path / "metrics").exists() and not (tmp_path / "plots").exists()


def test_ablation_refuses_to_keep_smote_on(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match=r"ablation_smote\.fix_imbalance is True"):
        run(ablation_smote, tmp_path, monkeypatch, ablation_smote={"fix_imbalance": True})
