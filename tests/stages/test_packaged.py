"""stages.packaged on a few faces of each part; PrivateTest decides nothing."""

import json

import keras
import numpy as np
import pandas as pd
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import Faces
from ferd.export.viewed_network import with_views
from ferd.inference.onnx_network import OnnxNetwork
from ferd.networks.residual import build_residual
from ferd.packaged import make
from ferd.packaged.candidates import CANDIDATES
from ferd.packaged.compromises import MIXED, make_compromises
from ferd.packaged.make import MADE
from ferd.study.settings import load_recipe
from stages import packaged
from tests.helpers.code import ROOT
from tests.helpers.small_faces import write_crops
from tests.helpers.small_study import read, write_audit

FIRST = {"training": 0, "public": 28709, "private": 32298}
COUNT = 42


def small_split(split, step):
    """Faces of all three parts; those of `train` and `test` have other row numbers."""
    rows = np.concatenate([first + step + 2 * np.arange(COUNT) for first in FIRST.values()])
    generator = np.random.default_rng(step)
    classes = rows % len(CLASSES)
    images = generator.integers(0, 256, (len(rows), 48, 48), dtype=np.uint8)
    names = np.array([f"{split}/{CLASSES[c]}/{row}" for c, row in zip(classes, rows, strict=True)])
    return Faces(images, classes, names, np.ones(len(rows), bool))


def write_study(annotated=True):
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    kept = {section: params[section] for section in ("sampling", "audit", "export")}
    kept["sampling"]["bootstrap_draws"], kept["audit"]["ferplus"] = 100, annotated
    splits = {"train": small_split("train", 0), "test": small_split("test", 1)}
    write_crops(splits=splits)
    names = [name for faces in splits.values() for name in faces.names]
    write_audit(names, [True] * len(names))
    with open("params.yaml", "w") as file:
        yaml.safe_dump(kept, file)


def write_mixed():
    """An untrained network in place of the run `mixed`."""
    MIXED.parent.mkdir(parents=True)
    keras.utils.set_random_seed(1)
    small = {"stem": 16, "widths": [16, 16], "blocks": [1, 1]}
    settings = load_recipe("mixed", 2024, ROOT / "params.yaml") | small
    build_residual(settings, len(CLASSES), 2024).save(MIXED)


@pytest.fixture
def study(empty_folder):
    (empty_folder / "data").mkdir()
    (empty_folder / "data/ferplus.csv").symlink_to(ROOT / "data/ferplus.csv")
    (empty_folder / "ferd").mkdir()
    (empty_folder / "ferd/models").symlink_to(ROOT / "ferd/models")
    write_study()
    write_mixed()
    return empty_folder


def test_the_stage_writes_two_networks_that_predict_uses_and_their_scores(study):
    packaged.main()
    details = read(packaged.DETAILS)
    assert list(details["networks"]) == ["compact", "annotators", "general", "fast"]
    for name in ("general", "fast"):
        network, found = OnnxNetwork(MADE / f"{name}.onnx", 1), details["networks"][name]
        assert network.temperature == found["temperature"]
        assert (MADE / f"{name}.onnx").stat().st_size == found["bytes"]
    adjusted = details["networks"]["fast"]["private_test_adjusted"]
    assert adjusted["fer2013"]["faces"] == 2 * COUNT > adjusted["annotators"]["faces"]
    faces = details["networks"]["fast"]["public_test"]["fer2013"]["faces"]
    assert faces == 2 * COUNT and details["unseen"]["improved"]["fer2013"]["faces"] == COUNT
    choice = details["choice"]
    assert list(choice["scores"]) == list(choice["candidates"]) == list(CANDIDATES)
    for name, kinds in choice["candidates"].items():
        four = [one[key] for one in kinds.values() for key in ("accuracy", "balanced_accuracy")]
        assert choice["scores"][name] == pytest.approx(np.mean(four), abs=1e-6)
    general = choice["general"]
    assert details["networks"]["general"]["public_test"] == choice["candidates"][general]
    origin = json.loads((MADE / "general.json").read_text())["network"]
    assert origin == {"mean": "the mean of compact and annotators", "mixed": "mixed"}[general]


def test_the_general_network_is_the_mean_of_two_or_the_one_trained_on_both(study):
    made = make_compromises(48)
    faces = np.random.default_rng(8).integers(0, 256, (5, 48, 48), dtype=np.uint8)
    two = [
        make.predict((make.MODELS / f"{name}.onnx").read_bytes(), faces) for name in make.TRAINED
    ]
    np.testing.assert_allclose(make.predict(made["mean"], faces), np.mean(two, axis=0), atol=1e-5)
    network = with_views(keras.models.load_model(MIXED), 48, "flip")
    expected = network.predict(faces[..., None].astype("float32") / 255, verbose=0)
    np.testing.assert_allclose(make.predict(made["mixed"], faces), expected, atol=2e-3)


def test_the_choice_without_copies_leaves_out_faces_that_training_has(study):
    audit = pd.read_csv("data/audit.csv")
    trained = audit["name"] < FIRST["public"]
    public = audit.index[(audit["name"] >= FIRST["public"]) & (audit["name"] < FIRST["private"])]
    audit.loc[public[:5], "copy_group"] = audit.loc[trained, "copy_group"].iloc[0]
    audit.to_csv("data/audit.csv", index=False)
    packaged.main()
    assert read(packaged.DETAILS)["choice"]["without_copy"]["faces"] == 2 * COUNT - 5


def test_the_choice_does_not_read_private_test(study):
    packaged.main()
    before = read(packaged.DETAILS)
    with np.load("data/crops.npz") as file:
        arrays = dict(file)
    rows = np.array([int(name.split("/")[2]) for name in arrays["names"]])
    arrays["whole"][rows >= FIRST["private"]] = 0
    np.savez("data/crops.npz", **arrays)
    packaged.main()
    after = read(packaged.DETAILS)
    for name in before["networks"]:
        assert before["networks"][name]["private_test"] != after["networks"][name]["private_test"]
        for key in ("temperature", "prior", "public_test"):
            assert before["networks"][name][key] == after["networks"][name][key]
    assert before["choice"] == after["choice"] and before["unseen"] == after["unseen"]


def test_without_votes_nothing_is_made(study):
    write_study(annotated=False)
    packaged.main()
    assert json.loads((study / packaged.DETAILS).read_text()) == {}
    assert list(MADE.iterdir()) == []
