"""Temperature, prior and JSON file of the networks general and fast."""

import json
from pathlib import Path

import numpy as np
import pytest

from ferd.classes import CLASSES
from ferd.inference.classifier import DEFAULT, PACKAGED
from ferd.inference.onnx_network import OnnxNetwork
from ferd.packaged import make, ship
from ferd.packaged.make import facts, prior_of, temperature_of
from ferd.scoring.calibration import fit_temperature
from tests.helpers.settings import REPO

GENERATOR = np.random.default_rng(8)
GIVEN = GENERATOR.dirichlet(np.ones(7), 400)
LABELS = np.array([GENERATOR.choice(7, p=row**2 / (row**2).sum()) for row in GIVEN])


def committed(name):
    return json.loads((REPO / f"ferd/models/{name}.json").read_text())


def test_one_kind_of_label_gives_the_usual_temperature():
    assert temperature_of(GIVEN, [LABELS]) == pytest.approx(
        fit_temperature(LABELS, GIVEN), abs=1e-6
    )


def test_faces_without_a_label_of_a_kind_do_not_count_for_it():
    few = np.where(np.arange(400) < 100, LABELS, -1)
    joined = np.concatenate([LABELS, LABELS[:100]]), np.concatenate([GIVEN, GIVEN[:100]])
    assert temperature_of(GIVEN, [LABELS, few]) == pytest.approx(fit_temperature(*joined), abs=1e-6)


def test_the_prior_is_the_mean_calibrated_prediction():
    prior = prior_of(GIVEN, 1.0, CLASSES)
    assert list(prior) == list(CLASSES) and sum(prior.values()) == pytest.approx(1, abs=1e-5)
    assert list(prior.values()) == pytest.approx(GIVEN.mean(axis=0), abs=1e-6)
    sharp = prior_of(np.array([[0.6, 0.4], [0.1, 0.9]]), 0.01, ("a", "b"))
    assert sharp == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize("name", make.NEW)
def test_the_committed_networks_are_those_of_the_committed_details(name):
    network = OnnxNetwork(REPO / f"ferd/models/{name}.onnx", 1)
    about = committed(name)
    details = json.loads((REPO / ship.DETAILS).read_text())["networks"][name]
    assert details["bytes"] == (REPO / f"ferd/models/{name}.onnx").stat().st_size
    for key in ("temperature", "prior"):
        assert about[key] == details[key]
    for part in ("public_test", "private_test"):
        assert rounded(network.metrics[part]) == details[part]


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return round(value, 6)


@pytest.mark.parametrize("name", make.TRAINED)
def test_the_committed_priors_are_those_of_the_details(name):
    details = json.loads((REPO / ship.DETAILS).read_text())["networks"][name]
    assert committed(name)["prior"] == details["prior"]


def test_the_packaged_general_network_is_the_one_that_the_rule_prefers():
    general = json.loads((REPO / ship.DETAILS).read_text())["choice"]["general"]
    assert committed("general")["network"] == make.ORIGINS[general][0]


def test_shipping_copies_the_files_and_puts_the_prior_behind_the_temperature(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make.MODELS.mkdir(parents=True)
    make.MADE.mkdir(parents=True)
    for name in make.TRAINED:
        for suffix in (".onnx", ".json"):
            content = (REPO / f"ferd/models/{name}{suffix}").read_bytes()
            (make.MODELS / f"{name}{suffix}").write_bytes(content)
    prior, shared = dict.fromkeys(CLASSES, 1 / 7), committed("compact")
    content = (REPO / "ferd/models/compact.onnx").read_bytes()
    for name in make.NEW:
        (make.MADE / f"{name}.onnx").write_bytes(content)
        text = json.dumps(facts("fast", content, 0.9, prior, {}, shared))
        (make.MADE / f"{name}.json").write_text(text)
    networks = {
        name: {"sha256": committed(name)["sha256"], "prior": prior}
        for name in (*make.TRAINED, *make.NEW)
    }
    details = Path(ship.DETAILS)
    details.parent.mkdir(parents=True)
    details.write_text(json.dumps({"networks": networks}))
    ship.ship_made()
    assert (make.MODELS / "fast.onnx").read_bytes() == content
    written = json.loads((make.MODELS / "compact.json").read_text())
    assert written == shared | {"prior": prior}
    keys = list(written)
    assert keys.index("prior") == keys.index("temperature") + 1
    before = (make.MODELS / "annotators.json").read_bytes()
    ship.ship_made()
    assert (make.MODELS / "annotators.json").read_bytes() == before


def test_nothing_is_shipped_where_the_stage_found_no_votes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(ship.DETAILS).parent.mkdir(parents=True)
    Path(ship.DETAILS).write_text("{}")
    with pytest.raises(SystemExit, match=r"audit\.ferplus"):
        ship.ship_made()


def test_the_default_network_is_the_one_of_the_rule():
    details = json.loads((REPO / ship.DETAILS).read_text())
    assert details["choice"]["default"] == details["choice"]["general"]
    assert DEFAULT == "general"
    assert set(details["networks"]) == set(PACKAGED)
