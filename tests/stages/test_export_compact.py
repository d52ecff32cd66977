"""The stage export_compact on small faces, and `python -m ferd.export.ship compact` on what it wrote."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
import yaml

from ferd.dataset.parts.faces import load_faces
from ferd.export import ship
from ferd.export.compact_card import compact_card
from ferd.inference import classifier
from ferd.inference.classifier import Classifier
from ferd.inference.onnx_network import ModelError, OnnxNetwork
from ferd.networks.residual import build_residual
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained
from ferd.training.recipes.data import recipe_faces
from ferd.training.recipes.train_recipe import predict_views
from stages import audit, export_compact
from tests.helpers.small_networks import SIZE
from tests.stages.test_export import SECTIONS, WINDOW, improved_section, write_study

ROOT = Path(__file__).resolve().parents[2]
FILE = "data/export_compact/ferd_float16.onnx"
METRICS = "metrics/export_compact.json"


def section():
    """The recipe of small faces: their names have no number of the official split."""
    taught = {"distillation": 0.0, "teacher": "benchmark_fer2013"}
    return improved_section() | {"view": "whole", "views": "flip"} | taught


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage."""
    folder = tmp_path_factory.mktemp("export_compact")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["stage"])
        sections = SECTIONS | {"compact": section()}
        sections["export_compact"] = {"batch_size": 16, "timed_faces": 2}
        write_study(sections)
        save_model(build_residual(section(), seed=7), "data/compact/1/model.keras")
        audit.main()
        patch.setattr(sys, "argv", ["stage", "1"])
        export_compact.main()
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["stage", "1"])
    return folder


def test_the_file_is_scored_as_the_network_and_its_views_answer(inside):
    faces, metrics = recipe_faces(section() | {"seed": 1}), read(METRICS)
    settings = {"crop_size": WINDOW}
    for part, scores in (("validation", metrics["validation"]), ("test", metrics["test"]["all"])):
        shown = getattr(faces, part)
        answers = predict_views(load_trained("compact/1"), shown.images, settings, "flip")
        right = float((answers.argmax(axis=1) == shown.classes).mean())
        assert scores["accuracy"] == pytest.approx(right, abs=1 / len(shown)), part
        assert scores["faces"] == len(shown)
    assert metrics["parity"]["largest_difference"] < 2e-3
    assert metrics["faces"] == {"training": len(faces.train)}


def test_hash_size_and_framing_are_of_the_file_and_the_training_images(inside):
    content, metrics = Path(FILE).read_bytes(), read(METRICS)
    assert metrics["sha256"] == hashlib.sha256(content).hexdigest()
    assert metrics["bytes"] == len(content)
    wide, high = SIZE - 4, SIZE - 4
    sides = (-2 / wide, -3 / high, 1 + 2 / wide, 1 + 1 / high)
    assert list(metrics["framing"].values()) == pytest.approx(sides, abs=1e-6)


def test_a_second_run_writes_the_same_bytes(inside):
    before = [Path(path).read_bytes() for path in (FILE, METRICS)]
    export_compact.main()
    assert [Path(path).read_bytes() for path in (FILE, METRICS)] == before


def test_crops_are_refused_because_the_framing_shows_more(inside, monkeypatch):
    sections = yaml.safe_load(Path("params.yaml").read_text())
    sections["compact"]["view"] = "crops"
    monkeypatch.chdir(inside / "data")
    Path("params.yaml").write_text(yaml.safe_dump(sections))
    with pytest.raises(SystemExit, match="framed for networks of compact"):
        export_compact.main()
    Path("params.yaml").unlink()


def test_shipped_it_is_taken_by_its_name(inside, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ship", "compact"])
    ship.main()
    monkeypatch.setattr(classifier, "MODELS", inside / "ferd/models")
    network = Classifier.load("compact").network
    assert network.sha256 == read(METRICS)["sha256"]
    assert network.framing._asdict() == read(METRICS)["framing"]
    images = load_faces("test", view="whole").images
    settings = {"crop_size": WINDOW}
    expected = predict_views(load_trained("compact/1"), images, settings, "flip")
    assert network.probabilities(images) == pytest.approx(expected, abs=2e-3)
    assert network.sha256 in (inside / "docs/model_card_compact.md").read_text()


def test_any_other_word_is_a_file_that_is_missing(inside):
    with pytest.raises(ModelError, match="compacted"):
        Classifier.load("compacted")


def test_what_is_committed_is_what_the_committed_metrics_say():
    crop = yaml.safe_load((ROOT / "params.yaml").read_text())["crop"]
    exports = {name: read(ROOT / f"metrics/export_{name}.json") for name in ship.COMPACT}
    about = read(ROOT / "ferd/models/compact.json")
    scores = {name: one["validation"]["accuracy"] for name, one in exports.items()}
    assert about["network"] == ship.better_compact(scores)
    metrics = exports[about["network"]]
    content = (ROOT / "ferd/models/compact.onnx").read_bytes()
    assert hashlib.sha256(content).hexdigest() == metrics["sha256"] == about["sha256"]
    assert ship.official_facts(about["network"], metrics, crop) == about
    card = (ROOT / "docs/model_card_compact.md").read_text()
    assert card == compact_card(metrics, about)
    assert OnnxNetwork(ROOT / "ferd/models/compact.onnx").metrics == about["metrics"]


def test_the_better_one_on_publictest_is_packaged_and_of_equals_the_one_of_a_cpu():
    assert ship.better_compact({"compact": 0.6, "compact_gpu": 0.7}) == "compact_gpu"
    assert ship.better_compact({"compact": 0.7, "compact_gpu": 0.7}) == "compact"
    with pytest.raises(SystemExit, match="no compact network has been exported"):
        ship.better_compact({})


def test_the_card_says_who_taught_the_network_where_others_did():
    about = read(ROOT / "ferd/models/compact.json")
    for network in ship.COMPACT:
        metrics = read(ROOT / f"metrics/export_{network}.json")
        card = compact_card(metrics, about | {"network": network})
        assert f"the stage `{network}`" in card and f"metrics/export_{network}.json" in card
        assert ("`benchmark_gpu`" in card) == (network == "compact_gpu")


@pytest.mark.parametrize("network", ship.COMPACT)
def test_the_committed_file_scores_as_the_network_that_was_trained(network):
    sections = yaml.safe_load((ROOT / "params.yaml").read_text())
    if network == "compact":
        trained = read(ROOT / f"metrics/compact/{sections['headline'][network][0]}.json")["test"]
    else:
        scores = read(ROOT / "metrics/score_gpu.json")[network]["seeds"]
        first = scores[str(sections["score_gpu"][network][0])]
        trained = {"all": first, "without_copy": first["without_copy"]}
    metrics = read(ROOT / f"metrics/export_{network}.json")
    for part, scores in trained.items():
        # Weights in float16 may turn a face or two that stood on the edge.
        assert metrics["test"][part]["accuracy"] == pytest.approx(scores["accuracy"], abs=0.001)
    assert metrics["parity"]["same_label"] >= 0.999
