"""The stage ensembles: votes and stacks on other features or settings."""

import numpy as np
import pytest

from ferd.ensembles.features import read_features, without_copies
from ferd.study.settings import ParamError
from stages import ensembles
from tests.helpers.automl_data import SECTIONS, load_pycaret, make_arrays
from tests.helpers.automl_runs import fit_and_score, predictions
from tests.helpers.small_study import read

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def pycaret():
    load_pycaret()


def fitted(run):
    """Function that fits a run of the stage ensembles."""
    return lambda: ensembles.main(run)


def test_ablation_without_smote_fits_what_voting_and_stacking_fit_with_it(empty_folder):
    # Too few faces of one class for SMOTE: passes only if it is off everywhere.
    arrays = make_arrays((40, 6, 40, 40, 40, 40, 40))
    changes = {"automl_voting": {"models": ["lda", "nb"]}}
    details, _ = fit_and_score(fitted("ablation_smote"), "ablation_smote", changes, train=arrays)
    assert list(details) == ["hard", "soft", "stack"]
    for name in details:
        predictions(f"plots/ablation_smote/predictions_{name}.csv")


def test_each_seed_without_smote_has_its_own_features_and_seed(empty_folder):
    run, seeds = "replicate/ablation_smote_7", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ferd.ensembles.ensembles.set_up", recorded([], seeds))
        arrays = {"train_7": make_arrays(), "train": make_arrays(seed=1)}
        details, _ = fit_and_score(fitted(run), run, **arrays)
    assert list(details) == ["soft", "stack"] and seeds == [7, 7]
    table = predictions(f"plots/{run}/predictions_soft.csv")
    assert (table["actual"] == table["predicted"]).mean() > 0.5


def test_ensembles_on_few_faces_say_how_far_cross_validation_is_from_the_test_score(empty_folder):
    arrays = {"unseen": make_arrays(), "seen": make_arrays(seed=1)}
    details, cost = fit_and_score(fitted("cosine_unseen"), "cosine_unseen", **arrays)
    models = [f"{which}_{kind}" for which in ("unseen", "seen") for kind in ("soft", "stack")]
    assert list(details) == models and list(cost["fit_seconds"]) == ["unseen", "seen"]
    for name, scores in details.items():
        predictions(f"plots/cosine_unseen/predictions_{name}.csv")
        gap = scores["cross_validated"]["accuracy"] - scores["accuracy"]
        assert scores["cross_validated_minus_test"] == pytest.approx(gap, abs=2e-6)
        assert scores["cross_validated"]["folds"] == SECTIONS["few_faces"]["folds"]
    assert details["unseen_soft"]["cross_validated"] != details["seen_soft"]["cross_validated"]


def test_the_hybrid_is_fitted_on_its_own_seed_s_features(empty_folder):
    arrays = {"improved_7": make_arrays(), "cosine": make_arrays(seed=1)}
    details, cost = fit_and_score(fitted("improved_hybrid/7"), "improved_hybrid/7", **arrays)
    assert list(details) == ["soft", "stack"] and list(cost["fit_seconds"]) == ["soft", "stacking"]
    assert details["stack"]["cross_validated"]["folds"] == SECTIONS["few_faces"]["folds"]
    table = predictions("plots/improved_hybrid/7/predictions_soft.csv")
    assert (table["actual"] == table["predicted"]).mean() > 0.5
    assert read("metrics/improved_hybrid/7/stack.json")["accuracy"] == details["stack"]["accuracy"]


def test_copies_are_out_of_the_ensembles_train_faces(empty_folder):
    arrays = {"cosine": make_arrays(), "cosine_copies": make_arrays(seed=1)}
    copies = arrays["cosine"]["train_names"][[3, 50]]
    (empty_folder / "data").mkdir()
    (empty_folder / "data/test_copies.csv").write_text("\n".join(["name", *copies]) + "\n")
    run = "cosine_copies_automl"
    fitted_on = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ferd.ensembles.ensembles.set_up", recorded(fitted_on))
        details, cost = fit_and_score(fitted(run), run, **arrays)
    kinds = ("et", "soft", "stack")
    groups = ("ensembles_only", "network_too")
    assert list(details) == [f"{group}_{kind}" for group in groups for kind in kinds]
    assert list(cost["fit_seconds"]["network_too"]) == ["et", "soft", "stacking"]
    for name in details:
        predictions(f"plots/{run}/predictions_{name}.csv")
    rows = len(arrays["cosine"]["train_names"])
    assert fitted_on == [rows - 2] * 3 + [rows] * 3
    kept = without_copies(read_features("data/features/cosine.npz"), "data/features/cosine.npz")
    left = arrays["cosine"]["train_features"][np.setdiff1d(np.arange(rows), [3, 50])]
    np.testing.assert_array_equal(kept.train.drop(columns="target"), left)


def recorded(counts, seeds=None):
    """`set_up` that also notes the number of training faces, and the seed."""
    from ferd.ensembles.pycaret_experiment import set_up

    def noting(faces, seed, fix_imbalance):
        counts.append(len(faces.train))
        if seeds is not None:
            seeds.append(seed)
        return set_up(faces, seed, fix_imbalance)

    return noting


def test_ablation_refuses_to_keep_smote_on(empty_folder):
    changes = {"ablation_smote": {"fix_imbalance": True}}
    with pytest.raises(ParamError, match=r"ablation_smote\.fix_imbalance is True"):
        fit_and_score(fitted("ablation_smote"), "ablation_smote", changes)
    assert not (empty_folder / "data/ablation_smote").exists()
