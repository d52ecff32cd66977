"""The stage export of the compact networks on small faces, and ferd.packaged.ship on its files."""

import hashlib
import sys
from pathlib import Path

import pytest

from ferd.dataset.parts.faces import load_faces
from ferd.inference import classifier
from ferd.inference.classifier import Classifier
from ferd.networks.residual import build_residual
from ferd.packaged import ship
from ferd.study.settings import load_recipe
from ferd.training.core.saving import save_model
from ferd.training.core.trained import load_trained
from ferd.training.recipes.data import recipe_faces
from ferd.training.recipes.train_recipe import predict_views
from stages import audit, export
from tests.helpers.small_export import CHANGES, WINDOW, write_study
from tests.helpers.small_networks import SIZE
from tests.helpers.small_study import read, write_params

pytestmark = pytest.mark.slow

RUNS = {"compact": "compact/1", "compact_ferplus": "compact_ferplus/1"}
# Small faces have no row in FER+, so all ten votes are for the label.
LABELS = {"compact_ferplus": {"targets": "labels", "epochs": 1}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """After one run of the stage for each network."""
    folder = tmp_path_factory.mktemp("export_compact")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_study()
        write_params(**CHANGES, **LABELS)
        audit.main()
        for seed, (network, run) in enumerate(RUNS.items(), 7):
            model = build_residual(load_recipe(network, 1), seed=seed)
            save_model(model, f"data/{run}/model.keras")
            export.main(network, run)
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return folder


def file_of(network):
    return Path("data/export", network, "ferd_float16.onnx")


def details_of(network):
    return Path("metrics/details/export", f"{network}.json")


def keras_answers(network, part):
    """What the trained network and its mirror image predict."""
    images = part.images
    return predict_views(load_trained(RUNS[network]), images, {"crop_size": WINDOW}, "flip")


def test_the_file_is_scored_as_the_network_and_its_views_answer(inside):
    faces, details = recipe_faces(load_recipe("compact", 1)), read(details_of("compact"))
    for part, scores in (("validation", details["validation"]), ("test", details["test"]["all"])):
        shown = getattr(faces, part)
        right = float((keras_answers("compact", shown).argmax(axis=1) == shown.classes).mean())
        assert scores["accuracy"] == pytest.approx(right, abs=1 / len(shown)), part
        assert scores["faces"] == len(shown)
    assert details["parity"]["largest_difference"] < 2e-3
    assert details["faces"] == {"training": len(faces.train)}


def test_the_annotators_network_is_scored_by_their_votes(inside):
    faces = recipe_faces(load_recipe("compact_ferplus", 1))
    details, test = read(details_of("compact_ferplus")), faces.test
    answers = keras_answers("compact_ferplus", test).argmax(axis=1)
    right = float((answers == test.classes).mean())
    scores = details["test"]["all"]
    assert scores["accuracy"] == pytest.approx(right, abs=1 / len(test))
    assert scores["faces"] == len(test) and scores["one_person"] == 1
    assert details["labels"]["all"]["accuracy"] == scores["accuracy"]
    assert details["parity"]["largest_difference"] < 2e-3
    assert details["faces"] == {"training": len(faces.train), "validation": len(faces.validation)}


@pytest.mark.parametrize("network", RUNS)
def test_hash_size_and_framing_are_of_the_file_and_the_training_images(inside, network):
    content, details = file_of(network).read_bytes(), read(details_of(network))
    assert details["sha256"] == hashlib.sha256(content).hexdigest()
    assert details["bytes"] == len(content)
    wide, high = SIZE - 4, SIZE - 4
    sides = (-2 / wide, -3 / high, 1 + 2 / wide, 1 + 1 / high)
    assert list(details["framing"].values()) == pytest.approx(sides, abs=1e-6)
    times = read(f"metrics/cost/export/{network}.json")["milliseconds_per_face"]
    assert times > 0 and "milliseconds_per_face" not in details


@pytest.mark.parametrize("network", RUNS)
def test_a_second_run_writes_the_same_bytes(inside, network):
    paths = (file_of(network), details_of(network))
    before = [path.read_bytes() for path in paths]
    export.main(network, RUNS[network])
    assert [path.read_bytes() for path in paths] == before


@pytest.mark.parametrize("network", RUNS)
def test_crops_are_refused_because_the_framing_shows_more(inside, monkeypatch, network):
    monkeypatch.chdir(inside / "data")
    write_params(**CHANGES, **LABELS, compact={"input_form": "crops"})
    with pytest.raises(SystemExit, match=f"framed for networks of {network}"):
        export.main(network, RUNS[network])
    Path("params.yaml").unlink()


def test_shipped_it_is_taken_by_its_name(inside, monkeypatch):
    network, details = shipped(inside, monkeypatch, "compact"), read(details_of("compact"))
    assert network.sha256 == details["sha256"]
    assert network.framing._asdict() == details["framing"]
    test = load_faces("test", view="whole")
    expected = keras_answers("compact", test)
    assert network.probabilities(test.images) == pytest.approx(expected, abs=2e-3)
    assert network.sha256 in (inside / "docs/model_card_compact.md").read_text()


def test_the_annotators_network_is_shipped_with_the_temperature_of_their_votes(inside, monkeypatch):
    network = shipped(inside, monkeypatch, "annotators")
    details = read(details_of("compact_ferplus"))
    assert network.sha256 == details["sha256"]
    assert network.temperature == details["calibration"]["temperature"]
    assert network.sha256 in (inside / "docs/model_card_annotators.md").read_text()


def shipped(folder, monkeypatch, name):
    """The network that `ferd.packaged.ship` packages under a name."""
    monkeypatch.setattr(sys, "argv", ["ship", name])
    ship.main()
    monkeypatch.setattr(classifier, "MODELS", folder / "ferd/models")
    return Classifier.load(name).network
