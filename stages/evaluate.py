"""Scores every model on parts of the test set, such as faces with and without a copy in train.

Reads   data/probabilities.npz, data/audit.csv, plots/cosine_*/, plots/cosine_smote/,
        plots/cosine_copies_automl/; sections evaluate and sampling of params.yaml
Writes  metrics/details/evaluate.json: `models` (accuracy with a 95% interval on each part, such as
        `without_copy`: no exact or near copy, `without_any_copy`: no shifted copy either) and
        `calibration`; metrics/cost/evaluate.json; plots/evaluate/parts.csv, reliability.csv and
        risk_coverage.csv
Run     dvc repro evaluate        (or, from the top folder: python -m stages.evaluate)
Takes   about 1 minute on 2 cores
Expect  every model far better on test faces with a copy in train
"""

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load


def main():
    sampling, bins = load("sampling"), load("evaluate")["bins"]
    with measure_cost("metrics/cost/evaluate.json"):
        evaluate_all(sampling["seed"], sampling["bootstrap_draws"], bins)


def evaluate_all(seed, draws, bins):
    """Writes all outputs of the stage."""
    from ferd.scoring.evaluation import evaluate, read_audit
    from ferd.scoring.predictions import gather_predictions, network_probabilities
    from ferd.study.base.results import write_json, write_table

    names, probabilities = network_probabilities()
    answers = gather_predictions(names, probabilities)
    audit = read_audit().loc[names]
    models = evaluate(audit, answers, draws, seed)
    calibration, curves, risks = calibrate(audit["found"].to_numpy() == 1, bins)
    write_table("plots/evaluate/parts.csv", part_table(models))
    write_table("plots/evaluate/reliability.csv", curves)
    write_table("plots/evaluate/risk_coverage.csv", risks)
    write_json("metrics/details/evaluate.json", {"models": models, "calibration": calibration})


def calibrate(found, bins):
    """Calibration of each network on the detected test faces; validation gives the temperature."""
    import numpy as np
    import pandas as pd

    from ferd.scoring import calibration
    from ferd.scoring.networks import NETWORKS

    scores, curves, risks = {}, [], []
    with np.load("data/probabilities.npz") as file:
        actual, validation = file["test_classes"][found], file["validation_classes"]
        for name, (stage, _) in NETWORKS.items():
            test = file[f"{stage}_test"][found].astype("float64")
            held_out = file[f"{stage}_validation"].astype("float64")
            temperature = calibration.fit_temperature(validation, held_out)
            scores[name] = {"temperature": temperature}
            after = calibration.apply_temperature(test, temperature)
            for when, values in (("before", test), ("after", after)):
                scores[name][when] = {
                    "calibration_error": calibration.calibration_error(actual, values, bins),
                    "log_likelihood": -calibration.negative_log_likelihood(actual, values),
                }
                curve = calibration.reliability(actual, values, bins)
                curves.append(curve.assign(model=name, temperature=when))
            risks.append(calibration.risk_coverage(actual, after).assign(model=name))
    return scores, pd.concat(curves), pd.concat(risks)


def part_table(models):
    """One row per model and part: faces, accuracy, low, high, macro_f1."""
    import pandas as pd

    return pd.DataFrame(
        {"model": model, "part": part, **scores}
        for model, parts in models.items()
        for part, scores in parts.items()
    )


if __name__ == "__main__":
    stage.run(main, __doc__)
