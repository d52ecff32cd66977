"""Fits the paper's two ensembles with PyCaret: a vote of the base models and a stack over them.

Reference:
    - Stacking: [Stacked generalization](https://doi.org/10.1016/S0893-6080(05)80023-1),
      D. H. Wolpert, 1992
"""

import json
from typing import Any, NamedTuple

from ferd.classes import CLASSES
from ferd.ensembles.folds import check_counts, splitter
from ferd.ensembles.pycaret_experiment import (
    DIGITS,
    MODELS,
    build,
    cross_validated,
    predict,
    set_up,
)
from ferd.study import params
from ferd.study.progress import progress

METHODS = ("hard", "soft")
_COMMON = {
    "seed": params.Spec(int, 0, 2**31 - 1),
    "models": params.Spec(str, choices=MODELS, many=True),
    "fix_imbalance": params.Spec(bool),
    "folds": params.Spec(int, 1, 20),
}
VOTING_SPECS = {**_COMMON, "methods": params.Spec(str, choices=METHODS, many=True)}
STACKING_SPECS = {
    **_COMMON,
    "meta_model": params.Spec(str, choices=MODELS),
    "inner_folds": params.Spec(int, 2, 20),
    "passthrough": params.Spec(bool),
}


class Ensemble(NamedTuple):
    """A fitted vote or stack.

    Args:
        model: The fitted scikit-learn classifier.
        members: How many base models it holds.
        cross_validated: Dict of scores on train, from `ferd.ensembles.pycaret_experiment.cross_validated`.
        seconds: Seconds of all its fits.
    """

    model: Any
    members: int
    cross_validated: dict
    seconds: float


def read_tuned(names, path="data/tuned.json"):
    """Reads the hyperparameters that `automl_compare` chose.

    Args:
        names: The models that will be built.
        path: JSON object of model name to hyperparameters that differ from PyCaret's defaults.

    Returns:
        Dict of name to hyperparameters.

    Raises:
        SystemExit: If the file is missing or lacks one of the models.
    """
    try:
        with open(path, encoding="utf-8") as file:
            tuned = json.load(file)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read, run automl_compare first: {error}") from error
    missing = [name for name in names if name not in tuned]
    if missing:
        raise SystemExit(f"{path} lacks {', '.join(missing)}: add it to automl_compare.models")
    return tuned


def vote(experiment, models, method, folds, seed):
    """Blends models by majority (`hard`) or by mean probability (`soft`).

    Args:
        experiment: From `ferd.ensembles.pycaret_experiment.set_up`.
        models: Dict of name to unfitted model; a soft vote leaves out those without probabilities
            (ridge, svm).
        method: One of `METHODS`.
        folds, seed: As in `ferd.ensembles.folds.splitter`.

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
            members, fold=splitter(folds, seed), method=method, round=DIGITS, verbose=False
        )
    scores = cross_validated(experiment, fitted)
    return Ensemble(fitted, len(members), scores, clock["seconds"])


def stack(experiment, models, meta_model, settings):
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
        settings: Dict of `folds`, `seed`, `inner_folds` and `passthrough` (whether the meta-model
            also sees the features).

    Returns:
        `Ensemble`.
    """
    with progress(f"stack of {len(models)} models") as clock:
        fitted = experiment.stack_models(
            list(models.values()),
            meta_model=meta_model,
            meta_model_fold=settings["inner_folds"],
            fold=splitter(settings["folds"], settings["seed"]),
            restack=settings["passthrough"],
            round=DIGITS,
            verbose=False,
        )
    scores = cross_validated(experiment, fitted)
    return Ensemble(fitted, len(models), scores, clock["seconds"])


def run_votes(faces, settings, pattern, seconds):
    """Fits, scores and writes the votes of an `automl_voting` section.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: The section.
        pattern: Path of a table of predictions, with `{}` for the method; the fallback's has
            "fallback" for "predictions".
        seconds: Dict that gets the seconds of each vote's fits.

    Returns:
        Dict of method to scores.
    """
    check_counts(
        faces.train["target"], settings["fix_imbalance"], settings["folds"], settings["seed"]
    )
    tuned = read_tuned(settings["models"])
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    models = build(experiment, settings["models"], tuned)
    results = {}
    for method in settings["methods"]:
        ensemble = vote(experiment, models, method, settings["folds"], settings["seed"])
        results[method] = report(experiment, ensemble, faces, pattern.format(method))
        seconds[method] = ensemble.seconds
    return results


def run_stack(faces, settings, path, seconds):
    """Fits, scores and writes the stack of an `automl_stacking` section.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: The section.
        path: Path of its table of predictions; the fallback's has "fallback" for "predictions".
        seconds: Dict that gets the seconds of its fits.

    Returns:
        Dict of scores.
    """
    inner_folds, seed = settings["inner_folds"], settings["seed"]
    check_counts(
        faces.train["target"], settings["fix_imbalance"], settings["folds"], seed, inner_folds
    )
    tuned = read_tuned(settings["models"])
    experiment = set_up(faces, seed, settings["fix_imbalance"])
    models = build(experiment, settings["models"], tuned)
    # The meta-model has PyCaret's defaults: values tuned on 256 features do not suit probabilities.
    meta_model = build(experiment, [settings["meta_model"]])[settings["meta_model"]]
    ensemble = stack(experiment, models, meta_model, settings)
    seconds["stacking"] = ensemble.seconds
    return report(experiment, ensemble, faces, path)


def report(experiment, ensemble, faces, path):
    """Predicts the test faces and the fallback, writes both tables and returns the scores."""
    import numpy as np

    from ferd.scoring.scores import score

    tests = _predict_table(experiment, ensemble, faces.test, faces.test_names, path)
    scores = score(*tests)
    print(f"{path}: accuracy {scores['accuracy']:.4f} on {scores['faces']} test faces", flush=True)
    rest_path = path.replace("predictions", "fallback")
    rest = _predict_table(experiment, ensemble, faces.fallback, faces.fallback_names, rest_path)
    # A hard vote has no probabilities.
    pairs = zip(tests, rest, strict=True)
    scores["test_all"] = score(*[a if a is None else np.concatenate([a, b]) for a, b in pairs])
    return {**scores, "members": ensemble.members, "cross_validated": ensemble.cross_validated}


def _predict_table(experiment, ensemble, table, names, path):
    import numpy as np

    from ferd.study.results import prediction_table, write_table

    actual = table["target"].to_numpy()
    predicted, probabilities = actual, np.zeros((0, len(CLASSES)))
    if len(table):
        predicted, probabilities = predict(experiment, ensemble.model, table)
    write_table(path, prediction_table(names, actual, predicted, probabilities))
    return actual, predicted, probabilities
