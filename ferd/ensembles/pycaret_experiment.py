"""Runs PyCaret's classification experiment on face features: set up, build, fit, score, predict.

Undocumented behaviour of PyCaret 3.3.2, and how this module handles it:

- SMOTE is a step of the pipeline before the model. In cross-validation only a fold's training part
  is oversampled, and the faces to predict never are.
- Every blend, stack and tuned model is cross-validated (10 folds unless told) and fitted again on
  all of train. This cannot be turned off, but a splitter with a single split is accepted.
- Its AUC is 0 for every model with a `decision_function` (lr, lda): it scores that instead
  of the probabilities, fails, and counts the failure as 0. `set_up` replaces it.
- A fold whose fit or AUC fails counts as 0, without a word. Here it raises its exception, so that a
  score of 0 is a score.
- Scores and probabilities are rounded to 4 digits unless `round` is given.
- A log file appears in the working folder on import, whatever `system_log` says.

Heavy packages are imported where they are used, so that a stage's `--help` stays quick.

Reference:
    - [PyCaret](https://pycaret.org), M. Ali, 2020
"""

import os

from ferd.classes import CLASSES
from ferd.ensembles.folds import splitter

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
    """Starts a PyCaret experiment on the training faces, with given test faces.

    Targets are the class indices: PyCaret keeps integers from 0 on, so its predictions need no
    mapping back. Its default preprocessing neither drops nor scales a feature. Its imputer has no
    effect, because `read_features` refuses NaN.

    Args:
        faces: `FaceFeatures`.
        seed: PyCaret's `session_id`: seeds SMOTE, the models and the searches.
        fix_imbalance: Whether SMOTE oversamples each class to the size of the largest.

    Returns:
        `pycaret.classification.ClassificationExperiment`.
    """
    experiment = _raising_experiment().setup(
        data=faces.train,
        test_data=faces.test,
        target="target",
        session_id=seed,
        fix_imbalance=fix_imbalance,
        fold_strategy=splitter(1, seed),
        # One fit at a time, each on all cores (`build`): with -1 PyCaret also runs folds and
        # members in parallel, each in a process with a copy of the data.
        n_jobs=1,
        # By default every fitted model is stored in a folder under /tmp, up to 10 GB, permanently.
        memory=False,
        html=False,
        verbose=False,
        system_log=False,
    )
    experiment.remove_metric("auc")
    experiment.add_metric("auc", "AUC", _auc, target="pred_proba")
    experiment._all_metrics["auc"].scorer = _score_auc
    return experiment


def _raising_experiment():
    """A PyCaret experiment whose cross-validations raise the exception of a fit that fails."""
    os.environ.setdefault("PYCARET_CUSTOM_LOGGING_PATH", os.devnull)
    from pycaret.classification import ClassificationExperiment

    class RaisingExperiment(ClassificationExperiment):
        def _create_model_with_cv(self, *arguments, **options):
            return super()._create_model_with_cv(*arguments, **options | {"error_score": "raise"})

    return RaisingExperiment()


def _score_auc(estimator, features, actual):
    """The AUC of a fold; 0, which `cross_validated` leaves out, without probabilities."""
    if not hasattr(estimator, "predict_proba"):
        return 0.0
    return _auc(actual, estimator.predict_proba(features))


def _auc(actual, probabilities, **_):
    import numpy as np

    from ferd.ensembles.auc import weighted_auc

    return weighted_auc(np.asarray(actual), np.asarray(probabilities))


def build(experiment, names, tuned=None):
    """Creates models as PyCaret does, unfitted, because a blend or stack fits its own copies.

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
    """
    table = experiment.pull()
    names = [name for name in SCORES if name != "auc" or hasattr(fitted, "predict_proba")]
    folds = table.drop(index=["Mean", "Std"])
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
        table: DataFrame of features; a `target` column is not given to the model.

    Returns:
        Integer class indices `(faces,)`, and probabilities `(faces, 7)` or None if the model has
        none.
    """
    # Threads add the trees' votes in the order in which they finish, and the last bit of a sum may
    # decide a tie. One thread gives the same prediction in every run.
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
