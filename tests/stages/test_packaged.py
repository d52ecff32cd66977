"""stages.packaged on a few faces of each part; PrivateTest decides nothing."""

import json

import numpy as np
import pytest
import yaml

from ferd.classes import CLASSES
from ferd.dataset.parts.faces import Faces
from ferd.inference.onnx_network import OnnxNetwork
from ferd.packaged.make import MADE
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


@pytest.fixture
def study(empty_folder):
    (empty_folder / "data").mkdir()
    (empty_folder / "data/ferplus.csv").symlink_to(ROOT / "data/ferplus.csv")
    (empty_folder / "ferd").mkdir()
    (empty_folder / "ferd/models").symlink_to(ROOT / "ferd/models")
    write_study()
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
    assert list(details["choice"]["scores"]) == ["compact", "annotators", "general"]
    scores = details["networks"]["general"]["public_test"].values()
    four = [one[key] for one in scores for key in ("accuracy", "balanced_accuracy")]
    assert details["choice"]["scores"]["general"] == pytest.approx(np.mean(four), abs=1e-6)


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
