"""The stage train_recipe: its outputs and their scores; a search never reads its test set."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ferd.study import restore
from ferd.study.settings import load_recipe
from ferd.training.recipes.data import recipe_faces
from stages import score, train_recipe
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_study import contents, read, write_params
from tests.training.test_recipes_data import COLUMNS, FIRST, numbered


@pytest.fixture
def faces(empty_folder, monkeypatch):
    """Numbered faces, one of PrivateTest with a copy in Training; writes params.yaml."""
    monkeypatch.setenv("FERD_CHECKPOINTS", str(empty_folder / "checkpoints"))
    train = numbered(make_faces((8,) * 7, 2, size=10), FIRST)
    test = numbered(make_faces((8,) * 7, 1, size=10, split="test"), 32298 - 10)
    write_crops(splits={"train": train, "test": test})
    write_params(compact={"split": "official"}, search={"views": "ten"})
    faces = recipe_faces(load_recipe("compact", 3))
    names = np.concatenate([part.names for part in faces])
    table = pd.DataFrame([name.split("/") for name in names], columns=COLUMNS)
    table["copy_group"] = range(len(table))
    copied = (part.names[0] for part in (faces.test, faces.train))
    table.loc[np.isin(names, list(copied)), "copy_group"] = 0
    table.to_csv("data/audit.csv", index=False)
    return faces


def test_a_search_predicts_validation_alone(faces):
    train_recipe.main("search", 3)
    facts = read("data/search/3/results/training.json")
    table = pd.read_csv("data/search/3/results/predictions.csv")
    assert set(facts["validation"]) == {"centre", "flip", "ten"} and "test" not in facts
    assert table["name"].tolist() == faces.validation.names.tolist()
    right = (table["actual"] == table["predicted"]).mean()
    assert facts["validation"]["ten"]["accuracy"] == pytest.approx(right, abs=1e-6)
    score.main("search/3", "search")
    row = {"validation_accuracy": facts["validation"]["ten"]["accuracy"]}
    assert read("metrics/search/3.json") == row | {"parameters": facts["parameters"]}
    assert read("metrics/details/search/3.json") == facts


def test_a_final_recipe_is_scored_on_test_with_and_without_copies_and_can_be_restored(faces):
    train_recipe.main("compact", 3)
    facts = read("data/compact/3/results/training.json")
    assert set(facts) == {"parameters", "multiply_adds", "train_faces", "validation"}
    assert facts["train_faces"] == len(faces.train)
    score.main("compact/3", "compact")
    table = pd.read_csv("plots/compact/3/predictions.csv")
    assert table["name"].tolist() == faces.test.names.tolist()
    scores = read("metrics/details/compact/3.json")["test"]
    everyone = len(faces.test)
    counts = {part: found["faces"] for part, found in scores.items()}
    assert counts == {"all": everyone, "without_copy": everyone - 1, "with_copy": 1}
    assert scores["all"]["low"] <= scores["all"]["accuracy"]
    row = read("metrics/compact/3.json")
    assert row["accuracy_without_copies"] == scores["without_copy"]["accuracy"]
    before = contents("data/compact/3/results")
    shutil.rmtree("data/compact/3/results")
    restore.restore_training("compact/3")
    assert contents("data/compact/3/results") == before and len(before) == 3
    assert Path("data/compact/3/model.keras").exists()
