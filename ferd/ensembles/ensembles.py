"""Fits the paper's two ensembles with PyCaret: a vote of the base models and a stack over them.

Reference:
    - Stacking: [Stacked generalization](https://doi.org/10.1016/S0893-6080(05)80023-1),
      D. H. Wolpert, 1992
"""

import json
from typing import Any, NamedTuple

from ferd.ensembles.fit_files import write_predictions
from ferd.ensembles.folds import checked_fold, splitter
from ferd.ensembles.pycaret_experiment import (
    DIGITS,
    build,
    cross_validated,
    set_up,
)
from ferd.study.progress import progress


class Ensemble(NamedTuple):
    """A fitted vote or stack.

    Args:
        model: The fitted scikit-learn classifier.
        members: How many base models it holds.
        cross_validated: Dict of scores on train, from
            `ferd.ensembles.pycaret_experiment.cross_validated`.
        seconds: Seconds of all its fits.
    """

    model: Any
    members: int
    cross_validated: dict
    seconds: float


def read_tuned(names, tune=True, path="data/tuned.json"):
    """Reads the hyperparameters that `automl_compare` chose.

    Args:
        names: The models that will be built.
        tune: Whether they are used; if not, nothing is read and PyCaret's defaults stay.
        path: JSON object of model name to hyperparameters that differ from PyCaret's defaults.

    Returns:
        Dict of name to hyperparameters.

    Raises:
        SystemExit: If the file is missing or lacks one of the models.
    """
    if not tune:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            tuned = json.load(file)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read, run automl_compare first: {error}") from error
    missing = [name for name in names if name not in tuned]
    if missing:
        raise SystemExit(f"{path} lacks {', '.join(missing)}: add it to automl_compare.models")
    return tuned


def vote(experiment, models, method, fold):
    """Blends models by majority (`hard`) or by mean probability (`soft`).

    Args:
        experiment: From `ferd.ensembles.pycaret_experiment.set_up`.
        models: Dict of name to unfitted model; a soft vote leaves out those without probabilities
            (ridge, svm).
        method: One of `METHODS`.
        fold: From `ferd.ensembles.folds.splitter`.

    Returns:
        `Ensemble`.

    Raises:
        SystemExit: If fewer than two models can vote.
    """
    members = [
        model for model in models.values() if method == "hard" or hasattr(model, "predict_proba")
    ]
    if len(members) < 2:
        raise SystemExit(f"a {method} vote needs two models that can cast it; here: {len(members)}")
    with progress(f"{method} vote of {len(members)} models") as clock:
        fitted = experiment.blend_models(
            members, fold=fold, method=method, round=DIGITS, verbose=False
        )
    scores = cross_validated(experiment, fitted)
    return Ensemble(fitted, len(members), scores, clock["seconds"])


def stack(experiment, models, meta_model, fold, settings):
    """Fits a meta-model on the members' out-of-fold probabilities.

    With SMOTE the meta-model sees predictions that are too good. PyCaret applies SMOTE before the
    whole stack, so the inner folds contain synthetic faces, and most synthetic faces of a held-out
    inner fold lie between two faces on which the members were trained. Of the 5917 "disgust" faces
    after SMOTE, 5565 are synthetic, so the meta-model learns to trust the members too much. The
    paper's figures come from the same code, so it stays; the stage `ablation_smote` fits the stack
    without SMOTE. The held-out faces of the outer split and the test faces are not affected.

    Args:
        experiment: From `ferd.ensembles.pycaret_experiment.set_up`.
        models: Dict of name to unfitted model.
        meta_model: Unfitted model on top.
        fold: From `ferd.ensembles.folds.splitter`.
        settings: Dict of `inner_folds` and `passthrough` (whether the meta-model also sees the
            features).

    Returns:
        `Ensemble`.
    """
    with progress(f"stack of {len(models)} models") as clock:
        fitted = experiment.stack_models(
            list(models.values()),
            meta_model=meta_model,
            meta_model_fold=settings["inner_folds"],
            fold=fold,
            restack=settings["passthrough"],
            round=DIGITS,
            verbose=False,
        )
    scores = cross_validated(experiment, fitted)
    return Ensemble(fitted, len(models), scores, clock["seconds"])


def run_votes(faces, settings, folder, seconds, label="{}"):
    """Fits the votes of an `automl_voting` section and writes their predictions.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: The section, merged.
        folder: Folder of the run's files.
        seconds: Dict that gets the seconds of each vote's fits, by method.
        label: Name of a model in file names, with `{}` for the method.

    Returns:
        Dict of label to `fit_facts`.
    """
    fold = checked_fold(faces, settings)
    tuned = read_tuned(settings["models"], settings["tune"])
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    models = build(experiment, settings["models"], tuned)
    facts = {}
    for method in settings["methods"]:
        ensemble = vote(experiment, models, method, fold)
        name = label.format(method)
        auc = write_predictions(experiment, ensemble.model, faces, folder, name)
        facts[name], seconds[method] = fit_facts(ensemble) | auc, ensemble.seconds
    return facts


def run_stack(faces, settings, folder, seconds, label="stack"):
    """Fits the stack of an `automl_stacking` section and writes its predictions.

    Args:
        faces, settings, folder, label: As in `run_votes`.
        seconds: Dict that gets the seconds of its fits.

    Returns:
        Dict of label to `fit_facts`.
    """
    fold = checked_fold(faces, settings, settings["inner_folds"])
    tuned = read_tuned(settings["models"], settings["tune"])
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    models = build(experiment, settings["models"], tuned)
    # The meta-model has PyCaret's defaults: values tuned on 256 features do not suit probabilities.
    meta_model = build(experiment, [settings["meta_model"]])[settings["meta_model"]]
    ensemble = stack(experiment, models, meta_model, fold, settings)
    auc = write_predictions(experiment, ensemble.model, faces, folder, label)
    seconds["stacking"] = ensemble.seconds
    return {label: fit_facts(ensemble) | auc}


def run_single(faces, name, settings, folder, seconds, label):
    """Fits one model as `automl_compare` does and writes its predictions.

    Args:
        faces, settings, folder, label: As in `run_votes`.
        name: The model, as PyCaret names it.
        seconds: Dict that gets the seconds of its fits.

    Returns:
        Dict of label to `fit_facts`.
    """
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    model = build(experiment, [name], read_tuned([name], settings["tune"]))[name]
    with progress(name) as clock:
        fold = splitter(settings["folds"], settings["seed"], faces.train_groups)
        fitted = experiment.create_model(model, fold=fold, round=DIGITS, verbose=False)
    seconds[name] = clock["seconds"]
    # Before the prediction, which PyCaret takes for its latest result.
    ensemble = Ensemble(fitted, 1, cross_validated(experiment, fitted), clock["seconds"])
    auc = write_predictions(experiment, fitted, faces, folder, label)
    return {label: fit_facts(ensemble) | auc}


def fit_facts(ensemble):
    """What is known of a fit without its test predictions."""
    return {"members": ensemble.members, "cross_validated": ensemble.cross_validated}
