"""Fits single models on the features, and searches their hyperparameters within a time limit."""

from ferd.ensembles.fit_files import write_predictions
from ferd.ensembles.folds import checked_fold
from ferd.ensembles.pycaret_experiment import DIGITS, build, cross_validated, set_up
from ferd.study.progress import progress


def compare(faces, settings, folder, cost):
    """Fits every model of the section, tunes it if asked, and writes its predictions.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: The `automl_compare` section, merged.
        folder: Folder of the run's files.
        cost: Dict with the dicts `fit_seconds` and `tune_seconds`, which get each model's.

    Returns:
        Dict of model to its facts (`tuned`, `improved`, `cross_validated`, of a tuned model also
        `default_accuracy` and `tuned_accuracy`, both cross-validated, and `hyperparameters`, those
        chosen that differ from PyCaret's), and dict of model to these hyperparameters.
    """
    fold = checked_fold(faces, settings)
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    facts, chosen = {}, {}
    for name, model in build(experiment, settings["models"]).items():
        fitted, scores = fit(experiment, name, model, fold, cost["fit_seconds"])
        spent = sum(cost["tune_seconds"].values())
        wanted = settings["tune"] and name in settings["tune_models"]
        tuned = wanted and spent < 60 * settings["tune_minutes"]
        improved, found = False, {}
        if tuned:
            best = tune(experiment, name, model, fold, settings, cost["tune_seconds"])
            both = {"default_accuracy": scores["accuracy"], "tuned_accuracy": best[1]["accuracy"]}
            improved = both["tuned_accuracy"] > both["default_accuracy"]
            fitted, scores = best if improved else (fitted, scores)
            found = both | {"hyperparameters": changed_parameters(model, fitted)}
        chosen[name] = changed_parameters(model, fitted)
        auc = write_predictions(experiment, fitted, faces, folder, name)
        facts[name] = {"tuned": tuned, "improved": improved, "cross_validated": scores}
        facts[name] |= found | auc
        print(f"{name}: cross-validated accuracy {scores['accuracy']:.4f}", flush=True)
    return facts, chosen


def fit(experiment, name, model, fold, seconds):
    """Cross-validates a model and fits it on all of train; returns it and its scores."""
    with progress(name) as clock:
        fitted = experiment.create_model(model, fold=fold, round=DIGITS, verbose=False)
    seconds[name] = clock["seconds"]
    return fitted, cross_validated(experiment, fitted)


def tune(experiment, name, model, fold, settings, seconds):
    """Searches a model's hyperparameters for accuracy; returns the fitted best and its scores.

    `choose_better` is off and `compare` chooses by the same rule, because PyCaret would
    cross-validate the untuned model again, and report the tuned model's scores even if it returns
    the untuned one. PyCaret's grid for lda has a shrinkage, "empirical", that scikit-learn refuses;
    such a draw fails.
    """
    with progress(f"{name}, tuning") as clock:
        fitted = experiment.tune_model(
            model,
            fold=fold,
            n_iter=settings["tune_iterations"],
            optimize="Accuracy",
            choose_better=False,
            round=DIGITS,
            verbose=False,
            tuner_verbose=False,
        )
    seconds[name] = clock["seconds"]
    return fitted, cross_validated(experiment, fitted)


def changed_parameters(default, fitted):
    """Dict of the hyperparameters of `fitted` that differ from those of `default`, JSON's types."""
    before = default.get_params(deep=False)
    after = fitted.get_params(deep=False)
    # PyCaret's grids have numpy's number types, which JSON does not have.
    return {
        key: getattr(value, "item", lambda value=value: value)()
        for key, value in after.items()
        if repr(value) != repr(before[key])
    }
