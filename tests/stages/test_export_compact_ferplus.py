"""The stage export_compact_ferplus on small faces, and `python -m ferd.export.ship annotators` afterwards."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
import yaml

from ferd.export import ship
from ferd.export.annotators_card import annotators_card
from ferd.inference import classifier
from ferd.inference.classifier import Classifier
from ferd.inference.onnx_network import OnnxNetwork
from ferd.networks.residual import build_residual
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained
from ferd.training.recipes.data import recipe_faces
from ferd.training.recipes.train_recipe import predict_views
from stages import audit, export_compact_ferplus
from tests.helpers.small_networks import SIZE
from tests.stages.test_export import SECTIONS, WINDOW, write_study
from tests.stages.test_export_compact import section

ROOT = Path(__file__).resolve().parents[2]
STAGE = "export_compact_ferplus"
FILE, METRICS = f"data/{STAGE}/ferd_float16.onnx", f"metrics/{STAGE}.json"
# Small faces have no row in FER+, so all ten votes are for the label.
TAUGHT = {"seed": 1, "targets": "labels", "epochs": 1}


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage."""
    folder = tmp_path_factory.mktemp(STAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["stage"])
        sections = SECTIONS | {"compact": section(), "compact_ferplus": TAUGHT}
        sections[STAGE] = {"batch_size": 16, "timed_faces": 2, "votes": 6}
        write_study(sections)
        save_model(build_residual(section(), seed=7), "data/compact_ferplus/model.keras")
        audit.main()
        export_compact_ferplus.main()
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["stage"])
    return folder


def test_the_file_is_scored_as_the_network_and_its_views_answer(inside):
    faces, metrics = recipe_faces(section() | TAUGHT), read(METRICS)
    answers = predict_views(
        load_trained("compact_ferplus"), faces.test.images, {"crop_size": WINDOW}, "flip"
    )
    right = float((answers.argmax(axis=1) == faces.test.classes).mean())
    scores = metrics["test"]["all"]
    assert scores["accuracy"] == pytest.approx(right, abs=1 / len(faces.test))
    assert scores["faces"] == len(faces.test) and scores["one_person"] == 1
    assert metrics["labels"]["all"]["accuracy"] == scores["accuracy"]
    assert metrics["parity"]["largest_difference"] < 2e-3
    assert metrics["faces"] == {"training": len(faces.train), "validation": len(faces.validation)}


def test_hash_size_and_framing_are_of_the_file_and_the_training_images(inside):
    content, metrics = Path(FILE).read_bytes(), read(METRICS)
    assert metrics["sha256"] == hashlib.sha256(content).hexdigest()
    assert metrics["bytes"] == len(content)
    wide, high = SIZE - 4, SIZE - 4
    sides = (-2 / wide, -3 / high, 1 + 2 / wide, 1 + 1 / high)
    assert list(metrics["framing"].values()) == pytest.approx(sides, abs=1e-6)


def test_a_second_run_writes_the_same_bytes(inside):
    before = [Path(path).read_bytes() for path in (FILE, METRICS)]
    export_compact_ferplus.main()
    assert [Path(path).read_bytes() for path in (FILE, METRICS)] == before


def test_crops_are_refused_because_the_framing_shows_more(inside, monkeypatch):
    sections = yaml.safe_load(Path("params.yaml").read_text())
    sections["compact"]["view"] = "crops"
    monkeypatch.chdir(inside / "data")
    Path("params.yaml").write_text(yaml.safe_dump(sections))
    with pytest.raises(SystemExit, match="framed for networks of compact"):
        export_compact_ferplus.main()
    Path("params.yaml").unlink()


def test_shipped_it_is_taken_by_its_name(inside, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ship", "annotators"])
    ship.main()
    monkeypatch.setattr(classifier, "MODELS", inside / "ferd/models")
    network = Classifier.load("annotators").network
    assert network.sha256 == read(METRICS)["sha256"]
    assert network.temperature == read(METRICS)["calibration"]["temperature"]
    assert network.sha256 in (inside / "docs/model_card_annotators.md").read_text()


def test_what_is_committed_is_what_the_committed_metrics_say():
    settings = yaml.safe_load((ROOT / "params.yaml").read_text())
    metrics, about = read(ROOT / METRICS), read(ROOT / "ferd/models/annotators.json")
    content = (ROOT / "ferd/models/annotators.onnx").read_bytes()
    assert hashlib.sha256(content).hexdigest() == metrics["sha256"] == about["sha256"]
    assert ship.official_facts("compact_ferplus", metrics, settings["crop"]) == about
    card = (ROOT / "docs/model_card_annotators.md").read_text()
    assert card == annotators_card(metrics, about, settings[STAGE]["votes"])
    assert OnnxNetwork(ROOT / "ferd/models/annotators.onnx").metrics == about["metrics"]


def test_the_committed_file_scores_as_stage_agreement_says_of_the_network():
    taught = read(ROOT / "metrics/agreement.json")["private_test"]["networks"]["compact_ferplus"]
    scores, metrics = taught["seeds"]["first"], read(ROOT / METRICS)
    assert metrics["test"]["all"]["faces"] == scores["annotators"]["faces"]
    # Weights in float16 may turn a face or two that stood on the edge.
    shown = metrics["test"]["all"]["accuracy"], metrics["test"]["as_labelled"]["accuracy"]
    expected = scores["annotators"]["accuracy"], scores["agreed"]
    assert shown == pytest.approx(expected, abs=0.001)
    assert metrics["parity"]["same_label"] >= 0.999


def test_at_its_temperature_the_committed_file_is_nearer_to_annotators_shares():
    scores = read(ROOT / METRICS)["calibration"]
    for key in ("distance", "calibration_error", "cross_entropy"):
        assert scores["annotators"][key] < scores["after"][key] < scores["before"][key]
