"""The stages that train a recipe: their outputs; a search never reads its test set."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.training.recipes import outputs as recipe_stage
from ferd.training.recipes.data import recipe_faces
from stages import search
from tests.helpers.small_faces import make_faces, write_crops
from tests.training.test_recipes_data import COLUMNS, FIRST, numbered
from tests.training.test_train_recipe import SETTINGS as RECIPE

SETTINGS = RECIPE | {
    "split": "official",
    "view": "whole",
    "validation_fraction": 0.25,
    "exclude_test_copies": False,
    "targets": "labels",
    "epochs": 1,
    "views": "flip",
    "precision": "float32",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Numbered faces, one of PrivateTest with a copy in Training; writes params.yaml."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FERD_CHECKPOINTS", str(tmp_path / "checkpoints"))
    train = numbered(make_faces((8,) * 7, 2, size=10), FIRST)
    test = numbered(make_faces((8,) * 7, 1, size=10, split="test"), 32298 - 10)
    write_crops(splits={"train": train, "test": test})
    (tmp_path / "params.yaml").write_text(
        yaml.safe_dump({"search": SETTINGS | {"distillation": 0.0, "teacher": "benchmark_fer2013"}})
    )
    faces = recipe_faces(SETTINGS)
    names = np.concatenate([part.names for part in faces])
    table = pd.DataFrame([name.split("/") for name in names], columns=COLUMNS)
    table["copy_group"] = range(len(table))
    copied = (part.names[0] for part in (faces.test, faces.train))
    table.loc[np.isin(names, list(copied)), "copy_group"] = 0
    table.to_csv("data/audit.csv", index=False)
    return faces


def read(stage):
    with open(f"metrics/{stage}.json", encoding="utf-8") as file:
        return json.load(file), pd.read_csv(f"plots/{stage}/predictions.csv")


def test_a_search_scores_validation_alone(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["search.py"])
    search.main()
    metrics, predictions = read("search")
    assert set(metrics["validation"]) == {"centre", "flip", "ten"} and "test" not in metrics
    assert predictions["name"].tolist() == folder.validation.names.tolist()
    right = (predictions["actual"] == predictions["predicted"]).mean()
    assert metrics["validation"]["flip"]["accuracy"] == pytest.approx(right, abs=1e-6)


def test_a_final_recipe_is_scored_on_test_with_and_without_copies(folder):
    recipe_stage.run_recipe("compact", SETTINGS, {})
    metrics, predictions = read("compact")
    assert predictions["name"].tolist() == folder.test.names.tolist()
    counts = {part: scores["faces"] for part, scores in metrics["test"].items()}
    everyone = len(folder.test)
    assert counts == {"all": everyone, "without_copy": everyone - 1, "with_copy": 1}
    assert metrics["test"]["all"]["low"] <= metrics["test"]["all"]["accuracy"]
