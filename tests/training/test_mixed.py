"""ferd.training.mixed: targets between FER2013's labels and FER+'s votes."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import Faces
from ferd.study.settings import load_recipe
from ferd.study.validated import ParamError
from ferd.training.mixed import outputs
from ferd.training.mixed.targets import mixed_targets
from ferd.training.recipes.data import RecipeFaces
from tests.helpers.code import ROOT

SMALL = {"stem": 16, "widths": [16, 16], "blocks": [1, 1], "crop_size": 20, "batch_size": 8}


def part(count, seed=0):
    generator = np.random.default_rng(seed)
    classes = np.arange(count) % 7
    images = generator.integers(0, 255, (count, 24, 24), dtype="uint8")
    names = np.array([f"train/{CLASSES[one]}/{row}" for row, one in enumerate(classes)])
    return Faces(images, classes, names, np.ones(count, bool))


def mixed(share, smoothing=0.0):
    settings = {"label_share": share, "label_smoothing": smoothing}
    return mixed_targets(part(14), settings, ROOT / "data/ferplus.csv")


def test_a_target_is_the_weighted_mean_of_label_and_votes():
    labels, votes = np.eye(7, dtype="float32")[np.arange(14) % 7], mixed(0.0)
    assert np.array_equal(mixed(1.0), labels)
    assert not np.array_equal(votes, labels)
    given = mixed(0.3)
    assert given.dtype == np.float32
    np.testing.assert_allclose(given, 0.3 * labels + 0.7 * votes, atol=1e-6)
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-6)


def test_both_kinds_are_smoothed_alike():
    plain, smooth = mixed(0.3), mixed(0.3, 0.1)
    np.testing.assert_allclose(smooth, 0.9 * plain + 0.1 / 7, atol=1e-6)


def test_labels_alone_need_no_votes(empty_folder):
    settings = {"label_share": 1.0, "label_smoothing": 0.1}
    assert mixed_targets(part(7), settings, "none.csv").shape == (7, 7)
    with pytest.raises(SystemExit, match=r"none\.csv cannot be read"):
        mixed_targets(part(7), settings | {"label_share": 0.9}, "none.csv")


def test_a_run_writes_network_curve_predictions_and_facts(empty_folder, monkeypatch):
    faces = RecipeFaces(part(24), part(8, 1), part(9, 2))
    monkeypatch.setattr(outputs, "recipe_faces", lambda settings: faces)
    recipe = load_recipe("mixed", 3, ROOT / "params.yaml") | SMALL
    changes = {"epochs": 2, "warmup_epochs": 1, "label_share": 1.0}
    cost = {}
    outputs.run_mixed("mixed/3", recipe | changes, cost)
    folder = empty_folder / "data/mixed/3"
    assert keras.models.load_model(folder / "model.keras").output_shape == (None, 7)
    table = pd.read_csv(folder / "results/predictions.csv")
    assert list(table["name"]) == list(faces.test.names)
    facts = json.loads((folder / "results/training.json").read_text())
    assert facts["train_faces"] == 24 and set(facts["validation"]) == {"centre", "flip", "ten"}
    assert cost["epochs"] == 2
    assert len(pd.read_csv(empty_folder / "plots/mixed/3/history.csv")) == 2


def test_its_section_takes_no_other_targets(empty_folder):
    text = (ROOT / "params.yaml").read_text()
    for change in ("label_share: 1.5", "label_share: 0.5\n  targets: ferplus"):
        (empty_folder / "params.yaml").write_text(text.replace("label_share: 0.5", change))
        with pytest.raises(ParamError, match=r"mixed\.(label_share|targets)"):
            load_recipe("mixed", 1)
