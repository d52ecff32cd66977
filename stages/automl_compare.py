"""Compares single models on the features, and tunes them within a time limit.

Reads   data/features.npz, section automl_compare of params.yaml
Writes  metrics/automl_compare.json, plots/automl_compare/leaderboard.csv (a row per model, best
        cross-validated accuracy first) and predictions.csv (a row per test image, a column per
        model), data/tuned.json (the hyperparameters that differ
        from PyCaret's defaults, for the ensembles), metrics/cost/automl_compare.json
Run     dvc repro automl_compare     (or, from the top folder: python stages/automl_compare.py)
Takes   about 5 minutes on 2 cores for the paper's six models with folds: 3, without tuning
Expect  all of them within about 2 points of the CNN's test accuracy. `tuned` says whether a model's
        hyperparameters were searched (no search starts after tune_minutes, so a slower machine has
        fewer), `improved` whether the search beat the defaults. The cross-validated accuracy is
        then a little too high, because the same folds chose the hyperparameters
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ferd.ensembles.folds import check_counts, splitter
from ferd.ensembles.pycaret_experiment import (
    DIGITS,
    MODELS,
    SCORES,
    build,
    cross_validated,
    predict,
    set_up,
)
from ferd.study import params, supervisor
from ferd.study.progress import progress

SPECS = {
    "seed": params.Spec(int, 0, 2**31 - 1),
    "models": params.Spec(str, choices=MODELS, many=True),
    "fix_imbalance": params.Spec(bool),
    "folds": params.Spec(int, 2, 20),
    "tune": params.Spec(bool),
    "tune_iterations": params.Spec(int, 1, 1000),
    "tune_minutes": params.Spec(float, 0, 10000),
}


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    settings = params.load("automl_compare", SPECS)

    from ferd.ensembles.features import read_features
    from ferd.study.cost import measure_cost
    from ferd.study.results import write_metrics, write_table

    with measure_cost("automl_compare") as cost:
        cost["fit_seconds"], cost["tune_seconds"] = {}, {}
        metrics, chosen, answers = compare(read_features(), settings, cost)
        write_table("plots/automl_compare/leaderboard.csv", leaderboard(metrics))
        write_table("plots/automl_compare/predictions.csv", answers)
        Path("data/tuned.json").write_text(json.dumps(chosen, indent=2) + "\n", encoding="utf-8")
        write_metrics("metrics/automl_compare.json", metrics)


def compare(faces, settings, cost):
    """Fits, tunes and scores every model of the section.

    Args:
        faces: `ferd.ensembles.features.FaceFeatures`.
        settings: The section.
        cost: Dict with the dicts `fit_seconds` and `tune_seconds`, which get each model's.

    Returns:
        Dict of model to its scores, dict of model to the hyperparameters chosen, and a DataFrame of
        every model's predictions from `answer_table`.
    """
    check_counts(
        faces.train["target"], settings["fix_imbalance"], settings["folds"], settings["seed"]
    )
    experiment = set_up(faces, settings["seed"], settings["fix_imbalance"])
    metrics, chosen, answers = {}, {}, answer_table(faces)
    for name, model in build(experiment, settings["models"]).items():
        fitted, scores = fit(experiment, name, model, settings, cost["fit_seconds"])
        spent = sum(cost["tune_seconds"].values())
        tuned = settings["tune"] and spent < 60 * settings["tune_minutes"]
        improved = False
        if tuned:
            best = tune(experiment, name, model, settings, cost["tune_seconds"])
            improved = best[1]["accuracy"] > scores["accuracy"]
            fitted, scores = best if improved else (fitted, scores)
        chosen[name] = changed_parameters(model, fitted)
        test, answers[name] = test_scores(experiment, fitted, faces)
        metrics[name] = {"tuned": tuned, "improved": improved}
        metrics[name].update(cross_validated=scores, test=test)
        print(f"{name}: cross-validated accuracy {scores['accuracy']:.4f}", flush=True)
    return metrics, chosen, answers


def answer_table(faces):
    """A row per test image: its name, whether a face was found in it, its class."""
    import numpy as np
    import pandas as pd

    from ferd.classes import CLASSES

    both = (faces.test, faces.fallback)
    actual = np.concatenate([table["target"] for table in both])
    return pd.DataFrame(
        {
            "name": np.concatenate([faces.test_names, faces.fallback_names]),
            "found": np.repeat([1, 0], [len(table) for table in both]),
            "actual": np.array(CLASSES)[actual],
        }
    )


def fit(experiment, name, model, settings, seconds):
    """Cross-validates a model and fits it on all of train; returns it and its scores."""
    with progress(name) as clock:
        fitted = experiment.create_model(
            model,
            fold=splitter(settings["folds"], settings["seed"]),
            round=DIGITS,
            verbose=False,
        )
    seconds[name] = clock["seconds"]
    return fitted, cross_validated(experiment, fitted)


def tune(experiment, name, model, settings, seconds):
    """Searches a model's hyperparameters for accuracy; returns the fitted best and its scores.

    `choose_better` is off and `compare` chooses by the same rule, because PyCaret would
    cross-validate the untuned model again, and report the tuned model's scores even if it returns
    the untuned one. PyCaret's grid for lda has a shrinkage, "empirical", that scikit-learn refuses;
    such a draw fails.
    """
    with progress(f"{name}, tuning") as clock:
        fitted = experiment.tune_model(
            model,
            fold=splitter(settings["folds"], settings["seed"]),
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


def test_scores(experiment, fitted, faces):
    """All scores of a fitted model on the test faces, and its prediction for every test image."""
    import numpy as np
    import pandas as pd

    from ferd.classes import CLASSES
    from ferd.scoring.scores import score

    everything = pd.concat([faces.test, faces.fallback])
    predicted, probabilities = predict(experiment, fitted, everything)
    count = len(faces.test)
    some = None if probabilities is None else probabilities[:count]
    scores = score(faces.test["target"].to_numpy(), predicted[:count], some)
    return scores, np.array(CLASSES)[predicted]


def leaderboard(metrics):
    """One row per model with cross-validated and test scores, best cross-validated first."""
    import pandas as pd

    rows = []
    for name, values in metrics.items():
        test = {**values["test"], **values["test"]["weighted"]}
        rows.append(
            {"model": name, "improved": int(values["improved"])}
            | {f"cross_validated_{key}": values["cross_validated"].get(key) for key in SCORES}
            | {f"test_{key}": test.get(key) for key in SCORES}
        )
    table = pd.DataFrame(rows)
    return table.sort_values("cross_validated_accuracy", ascending=False, kind="stable")


if __name__ == "__main__":
    supervisor.run(main)
