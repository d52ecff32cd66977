"""PyCaret's classification experiment on face features: set up, build, fit, score, predict.

What PyCaret 3.3.2 does that its documentation does not say, and what is done about it here:

- Its SMOTE is a step of the pipeline in front of the model. In a cross-validation only a fold's
  training part is oversampled, and the faces to predict never are.
- Every blend, stack and tuned model is cross-validated (10 folds unless told) and fitted again on
  all of train. There is no switch, but a splitter with a single split is taken: `splitter`.
- Its AUC is 0 for every model with a `decision_function` (lr, lda): it scores that, not the
  probabilities, fails, and counts the failure as 0. `set_up` puts another in its place.
- A fold whose fit fails also counts as accuracy 0, without a word: `cross_validated` refuses it.
- Scores and probabilities come rounded to 4 digits unless `round` is given.
- A log file appears in the working folder on import, whatever `system_log` says.

Heavy packages are imported where they are used, so that a stage's `--help` stays quick.

Reference:
    - [PyCaret](https://pycaret.org), M. Ali, 2020
"""

import os

import numpy as np

from ferd.classes import CLASSES
from ferd.folds import splitter

MODELS = (
    *("et", "rf", "lightgbm", "ridge", "lr", "lda"),
    *("gbc", "xgboost", "catboost", "knn", "nb", "svm"),
)
DIGITS = 6
# LightGBM otherwise times two ways to build histograms and takes the faster: same data, another
# run, another model. By columns is the faster one for 256 features on 2 cores.
SETTINGS = {"lightgbm": {"deterministic": True, "force_col_wise": True, "verbosity": -1}}
SCORES = {
    "accuracy": "Accuracy",
    "auc": "AUC",
    "recall": "Recall",
    "precision": "Prec.",
    "f1": "F1",
    "kappa": "Kappa",
    "mcc": "MCC",
}


def set_up(faces, seed, fix_imbalance):
    """Starts a PyCaret experiment on the training faces, the test faces given from outside.

    Targets are the class indices themselves: PyCaret leaves integers from 0 on as they are, so its
    predictions need no mapping back. No feature is dropped or scaled by its default preprocessing;
    the imputer it adds has nothing to do, `read_features` having refused NaN.

    Args:
        faces: `FaceFeatures`.
        seed: PyCaret's `session_id`: seeds SMOTE, the models and the searches.
        fix_imbalance: Whether SMOTE oversamples each class to the size of the largest.

    Returns:
        `pycaret.classification.ClassificationExperiment`.
    """
    os.environ.setdefault("PYCARET_CUSTOM_LOGGING_PATH", os.devnull)
    from pycaret.classification import ClassificationExperiment

    experiment = ClassificationExperiment().setup(
        data=faces.train,
        test_data=faces.test,
        target="target",
        session_id=seed,
        fix_imbalance=fix_imbalance,
        fold_strategy=splitter(1, seed),
        # One fit at a time, each on every core (`build`): with -1 PyCaret also runs folds and
        # members side by side, each in a process with a copy of the data.
        n_jobs=1,
        # By default every fitted model is kept in a folder under /tmp, up to 10 GB and for good.
        memory=False,
        html=False,
        verbose=False,
        system_log=False,
    )
    experiment.remove_metric("auc")
    experiment.add_metric("auc", "AUC", _auc, target="pred_proba")
    return experiment


def _auc(actual, probabilities, **_):
    from ferd.scores import weighted_auc

    return weighted_auc(np.asarray(actual), np.asarray(probabilities))


def build(experiment, names, tuned=None):
    """Makes models as PyCaret would, but does not fit them: a blend or stack fits its own copies.

    Args:
        experiment: From `set_up`.
        names: PyCaret's short names, from `MODELS`.
        tuned: Dict of name to the hyperparameters that replace PyCaret's defaults, or None.

    Returns:
        Dict of name to unfitted model.

    Raises:
        SystemExit: For a model whose package is not installed.
    """
    library = experiment.models(internal=True)
    models = {}
    for name in names:
        if name not in library.index:
            raise SystemExit(
                f"model {name} needs a package that is not installed: "
                f"run `pip install {name}` or take {name} off the list in params.yaml"
            )
        arguments = {**library.loc[name, "Args"], **SETTINGS.get(name, {})}
        arguments.update({key: -1 for key in ("n_jobs", "thread_count") if key in arguments})
        models[name] = library.loc[name, "Class"](**{**arguments, **(tuned or {}).get(name, {})})
    return models


def cross_validated(experiment, fitted):
    """Mean scores over the folds of the experiment's latest fit; `accuracy_std` from 2 folds on.

    Args:
        experiment: From `set_up`.
        fitted: The model of that fit; one without `predict_proba` gets no AUC.

    Raises:
        RuntimeError: If a fold's fit or score failed, which PyCaret counts as 0.
    """
    table = experiment.pull()
    names = [name for name in SCORES if name != "auc" or hasattr(fitted, "predict_proba")]
    folds = table.drop(index=["Mean", "Std"])
    checked = [SCORES[name] for name in names if name in ("accuracy", "auc")]
    if (folds[checked] == 0).any(axis=None):
        raise RuntimeError(f"a fold failed, or scored 0:\n{table}")
    scores = {"folds": len(folds)}
    scores.update({name: float(table.loc["Mean", SCORES[name]]) for name in names})
    if len(folds) > 1:
        scores["accuracy_std"] = float(table.loc["Std", "Accuracy"])
    return scores


def predict(experiment, fitted, table):
    """Classes and probabilities of faces.

    Args:
        experiment: From `set_up`.
        fitted: A fitted model.
        table: DataFrame of features; a `target` column is not shown to the model.

    Returns:
        Integer class indices `(faces,)`, and probabilities `(faces, 7)` or None if the model has
        none.
    """
    # Threads add up the trees' votes in the order in which they finish, and the last bit of a sum
    # may decide a tie. One thread: the same prediction in every run.
    for part in [fitted, getattr(fitted, "final_estimator_", None), *_members(fitted)]:
        if hasattr(part, "n_jobs"):
            part.n_jobs = 1
    answer = experiment.predict_model(
        fitted, data=table.drop(columns="target"), raw_score=True, round=12, verbose=False
    )
    predicted = answer["prediction_label"].to_numpy("int64")
    if not hasattr(fitted, "predict_proba"):
        return predicted, None
    columns = [f"prediction_score_{index}" for index in range(len(CLASSES))]
    return predicted, answer[columns].to_numpy("float64")


def _members(fitted):
    return [] if not hasattr(fitted, "estimators") else fitted.estimators_
