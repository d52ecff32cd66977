import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ferd.ensembles.folds import check_counts, splitter
from ferd.ensembles.pycaret_experiment import cross_validated, set_up
from ferd.study.progress import progress
from tests.helpers.automl_data import SEED, few, make_arrays, read


def counted(*counts):
    return np.repeat(np.arange(len(counts)), counts)


def test_class_absent_from_train_is_named():
    with pytest.raises(SystemExit, match="no face of class disgust, surprise"):
        check_counts(counted(9, 0, 9, 9, 9, 9), True, 2, SEED)


@pytest.mark.parametrize("folds", [1, 3])
def test_copies_of_a_picture_are_on_one_side_of_a_fold_and_every_class_on_both(folds):
    classes = counted(*(40,) * 7)
    groups = np.arange(len(classes)) // 4
    splits = list(splitter(folds, SEED, groups).split(np.zeros(len(classes)), classes))
    assert len(splits) == folds
    for train, held_out in splits:
        assert sorted([*train, *held_out]) == list(range(len(classes)))
        assert not set(groups[train]) & set(groups[held_out])
        assert set(classes[train]) == set(classes[held_out]) == set(range(7))
    # Face by face a picture is on both sides.
    train, held_out = next(splitter(folds, SEED).split(np.zeros(len(classes)), classes))
    assert set(groups[train]) & set(groups[held_out])


def test_pycaret_scores_a_model_on_the_grouped_folds(empty_folder):
    arrays = make_arrays()
    faces = read(arrays)
    groups = np.arange(len(faces.train)) // 2
    experiment = set_up(faces, SEED, fix_imbalance=True)
    fold = splitter(2, SEED, groups)
    experiment.create_model(few(experiment)["lda"], fold=fold, verbose=False, round=6)
    found = cross_validated(experiment, few(experiment)["lda"])
    right = []
    for train, held_out in fold.split(faces.train, faces.train["target"]):
        pipeline = make_pipeline(SMOTE(random_state=SEED), LinearDiscriminantAnalysis())
        rows = [faces.train.iloc[some] for some in (train, held_out)]
        sides = [(one.drop(columns="target"), one["target"]) for one in rows]
        right.append(pipeline.fit(*sides[0]).score(*sides[1]))
    assert found["accuracy"] == pytest.approx(np.mean(right), abs=1e-6)


@pytest.mark.parametrize(("count", "folds"), [(7, 1), (11, 2), (6, 6)])
def test_class_too_small_for_smote_in_a_training_fold_is_refused(count, folds):
    classes = counted(40, count, 40, 40, 40, 40, 40)
    with pytest.raises(SystemExit, match=rf"disgust has {count} .* SMOTE .*fix_imbalance: false"):
        check_counts(classes, True, folds, SEED)
    check_counts(classes, False, folds, SEED)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("count", "folds"), [(8, 1), (12, 2)])
def test_smallest_class_that_check_counts_lets_pass_can_be_fitted(
    tmp_path, monkeypatch, count, folds
):
    monkeypatch.chdir(tmp_path)
    arrays = make_arrays((40, count, 40, 40, 40, 40, 40))
    faces = read(arrays)
    check_counts(faces.train["target"], True, folds, SEED)
    experiment = set_up(faces, SEED, fix_imbalance=True)
    model = few(experiment)["lda"]
    fitted = experiment.create_model(model, fold=splitter(folds, SEED), verbose=False)
    assert cross_validated(experiment, fitted)["accuracy"] > 0.5


def test_class_too_small_for_folds_or_inner_folds_is_refused():
    with pytest.raises(SystemExit, match=r"disgust has 3 .* needs 5.*fewer folds"):
        check_counts(counted(9, 3, 9, 9, 9, 9, 9), False, 5, SEED)
    with pytest.raises(SystemExit, match=r"disgust has 9 .* 10 inner folds .*fewer inner_folds"):
        check_counts(counted(40, 9, 40, 40, 40, 40, 40), False, 2, SEED, inner_folds=10)


def test_progress_shows_a_long_fit_while_pycaret_swallows_the_output(capfd):
    from contextlib import redirect_stdout
    from io import StringIO
    from time import sleep

    with progress("lda", every=0.05) as clock, redirect_stdout(StringIO()):
        sleep(0.2)
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "lda: fitting" and lines[-1] == f"lda: done in {clock['seconds']} s"
    assert "lda: still fitting after 0 s" in lines
