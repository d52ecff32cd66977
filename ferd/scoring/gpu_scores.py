"""Scores the networks trained on a GPU on PrivateTest."""

import keras
import pandas as pd

from ferd.dataset.parts.copy_groups import copy_groups, has_copy
from ferd.scoring.headline import seed_scores
from ferd.scoring.tables import score_table
from ferd.study.base.results import prediction_table
from ferd.training.recipes.train_recipe import predict_views

# The second is the main score; the first takes half the work.
VIEWS = ("centre", "flip")
MAIN = "flip"


def predict_stage(stage, seeds, faces, settings):
    """Predicts test faces with a stage's networks.

    Args:
        stage: Its name; data/<stage>/<seed>/model.keras are its networks.
        seeds: Seeds of its trainings.
        faces: `Faces` to predict.
        settings: Its section of params.yaml.

    Returns:
        Dict of test-time augmentation to dict of seed to DataFrame of
        `ferd.study.base.results.prediction_table`.
    """
    found = {views: {} for views in VIEWS}
    for seed in seeds:
        model = keras.models.load_model(f"data/{stage}/{seed}/model.keras", compile=False)
        for views in VIEWS:
            answers = predict_views(model, faces.images, settings, views)
            rows = faces.names, faces.classes, answers.argmax(axis=1), answers
            found[views][seed] = prediction_table(*rows)
    return found


def score_stage(tables, faces, draws, seed):
    """Accuracies of a stage's networks, with intervals.

    Args:
        tables: As from `predict_stage`.
        faces: `ferd.training.recipes.data.RecipeFaces`; the test faces were predicted.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        As `ferd.scoring.headline.seed_scores`, of the mean of a face and its mirror image; by seed
        also `centre` (the middle window alone), `without_copy` and `with_copy` (test faces without
        and with a copy in Training).
    """
    groups = copy_groups()
    scores = seed_scores(tables["flip"], groups, draws, seed)
    copied = pd.Series(has_copy(faces.test, faces.train), index=faces.test.names)
    for number, table in tables["flip"].items():
        found = scores["seeds"][str(number)]
        found["centre"] = score_table(tables["centre"][number], groups, draws, seed)
        rows = copied.loc[table["name"]].to_numpy()
        for part, mask in {"without_copy": ~rows, "with_copy": rows}.items():
            if mask.any():
                found[part] = score_table(table[mask], groups, draws, seed)
    return scores


def metrics_row(scores, facts):
    """What `dvc metrics show` compares of a network, as far as its scores have it.

    Args:
        scores: Of its seed, from `score_stage`.
        facts: Its metrics/gpu/details/<network>/<seed>.json.
    """
    row = {key: scores[key] for key in ("faces", "accuracy")}
    if "without_copy" in scores:
        row["accuracy_without_copies"] = scores["without_copy"]["accuracy"]
    row["macro_f1"] = scores["macro_f1"]
    row["validation_accuracy"] = facts["validation"][MAIN]["accuracy"]
    return row | {"parameters": facts["parameters"]}
